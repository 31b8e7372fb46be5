import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definePurposes } from '../../customers/define-purposes.ts'
import { createClient } from '../../partners/create-client.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import { customer, defineCatalogue, PURPOSES } from '../customers/factories.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import { Browser, hidden, type Seen, wayOn } from './browser.ts'
import { keyPair, type TestClient } from './clients.ts'
import {
  asked,
  askingClient,
  authorizeAddress,
  decide,
  exchange,
  formOf,
  pushed,
  REDIRECT_URI,
  signIn,
} from './consent-flow.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway
let client: TestClient

beforeAll(async () => {
  ;[gateway, second] = await Promise.all([startGateway(world), startGateway(world)])
  await defineCatalogue(gateway.context)
  client = await askingClient(gateway.context)
})
afterAll(async () => {
  await Promise.all([gateway.close(), second.close()])
})

/** A customer in front of the consent page. */
async function atPage(
  details: Readonly<Record<string, unknown>> = {},
  { who = client, browser = new Browser(gateway) }: { readonly who?: TestClient; readonly browser?: Browser } = {},
) {
  const account = await customer(world.owner, { synthetic: true, assets: '12000' })
  const request = await pushed(gateway, who, { authorization_details: JSON.stringify([asked(details)]) })
  const page = await signIn(browser, authorizeAddress(who, request), account)
  return { account, browser, request, page, address: page.address.split('?')[0] ?? '' }
}

/** The form with fields in the place of others of the same name. */
function changed(page: Seen, fields: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const names = new Set(fields.map(([name]) => name))
  return [...formOf(page).filter(([name]) => !names.has(name)), ...fields]
}

async function consentsOf(account: string): Promise<readonly Record<string, unknown>[]> {
  return world.owner`
    select c.status, c.usage, c.expires_at, array(
      select t.tag_key || ':' || t.granularity from consent_tags t where t.consent_id = c.id order by t.tag_key) as tags
    from consents c join customers u on u.id = c.customer_id where u.account_key = ${account} order by c.id`
}

async function requestsOf(account: string): Promise<readonly string[]> {
  const rows = await world.owner<{ status: string }[]>`
    select r.status from consent_requests r join customers u on u.id = r.customer_id where u.account_key = ${account}`
  return rows.map(({ status }) => status)
}

describe('the page of a consent', () => {
  it('says who asks for what, why, how often, how long it is kept, and what each granularity would reveal', async () => {
    const { page } = await atPage({
      maxPerDay: 3,
      tags: [
        { key: 'age', granularity: 'exact' },
        { key: 'assets', granularity: 'band' },
      ],
    })
    expect(page.status).toBe(200)
    const text = page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
    for (const part of [
      'Harbour Bank asks for some of your data',
      'Purpose Credit',
      'To offer credit.',
      'At most 3 times a day',
      '30 days after it was read',
      'Exact value – 44',
      'Range only – 30 to 59',
      'Yes or no only – at least 60: no',
      'Range only – 10000 and over',
      'Yes or no only – at least 10000: yes',
      'Agree and share',
      'Refuse',
    ]) {
      expect(text).toContain(part)
    }
    // finer than it was asked is not offered
    expect(text).not.toContain('12000')
  })

  it('speaks Chinese to whoever reads it, by link, by the partner’s wish, or by the browser', async () => {
    const { browser, address } = await atPage()
    const chinese = await browser.get(`${address}?lang=zh-CN`)
    expect(chinese.text).toContain('<html lang="zh-CN">')
    for (const part of ['申请获取您的部分数据', '信贷', '标签', '仅区间', '同意并共享', '拒绝'])
      expect(chinese.text).toContain(part)
    expect((await browser.get(address, { 'accept-language': 'zh-TW,zh;q=0.9,en;q=0.1' })).text).toContain(
      'lang="zh-CN"',
    )
    const wished = await pushed(gateway, client, { ui_locales: 'zh-CN en' })
    expect((await new Browser(gateway).get(authorizeAddress(client, wished))).text).toContain('<html lang="zh-CN">')
  })

  it('loads nothing from elsewhere, runs no script, stands in no frame, and is kept nowhere', async () => {
    const { page } = await atPage()
    const policy = page.headers.get('content-security-policy')
    expect(policy).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('referrer-policy')).toBe('same-origin')
    expect(page.text).not.toMatch(/<script|style=|onclick|https?:\/\//)
    const style = await gateway.fetch('/consent/style.css')
    expect(style.headers.get('content-type')).toContain('text/css')
  })

  it('shows a partner’s name as text, whatever is in it', async () => {
    const keys = await keyPair()
    const code = `bank-${randomUUID().slice(0, 8)}`
    const partner = await createPartner(gateway.context, {
      code,
      name: '<script>alert(1)</script> & "Sons"',
      kind: 'BANK',
    })
    const jwks = { keys: [{ ...keys.publicJwk, kid: 'a' }] }
    const { id } = await createClient(gateway.context, {
      partner: partner.id,
      name: 'Portal',
      jwks,
      scopes: ['customers:read'],
      redirectUris: [REDIRECT_URI],
    })
    const { page } = await atPage({}, { who: { id, partner: partner.id, keys, proofKeys: await keyPair() } })
    expect(page.text).toContain('&#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;Sons&#34;')
    expect(page.text).not.toContain('<script')
  })

  it('is that of one browser: another does not see it, nor what is made up', async () => {
    const { address } = await atPage()
    const other = await new Browser(gateway).get(address)
    expect(other.status).toBe(404)
    expect(other.text).toContain('This did not work')
    for (const made of ['/consent/none', '/consent/%00', `/consent/${'x'.repeat(4000)}`, '/consent/%FF']) {
      const page = await new Browser(gateway).get(made)
      expect(page.status).toBeGreaterThanOrEqual(400)
      expect(page.status).toBeLessThan(500)
    }
  })
})

describe('agreeing', () => {
  it('gives what was asked for, with evidence of what was read', async () => {
    const { account, browser, page, request } = await atPage()
    const back = await decide(browser, page, [...formOf(page), ['decision', 'agree']])
    expect(back.get('state')).toBe(request.state)
    expect(await consentsOf(account)).toMatchObject([{ status: 'AUTHORISED', tags: ['age:exact', 'risk_level:band'] }])
    const [row] = await world.owner<{ evidence: Record<string, unknown> }[]>`
      select evidence from consents c join customers u on u.id = c.customer_id where u.account_key = ${account}`
    expect(row?.evidence).toMatchObject({ textHash: hidden(page, 'seen'), locale: 'en', channel: 'consent-page' })
    expect(hidden(page, 'seen')).toMatch(/^[0-9a-f]{64}$/)
  })

  it('gives less: fewer tags, coarser ones, for a shorter time; the token says so', async () => {
    const { account, browser, page, request } = await atPage()
    const fields = changed(page, [
      ['tag', 'age'],
      ['granularity.age', 'flag'],
      ['until', '30'],
      ['decision', 'agree'],
    ])
    const back = await decide(browser, page, fields)
    expect(await consentsOf(account)).toMatchObject([{ status: 'AUTHORISED', tags: ['age:flag'] }])
    const tokens = await (
      await exchange(gateway, client, { code: back.get('code') ?? '', verifier: request.verifier })
    ).json()
    const [granted] = tokens.authorization_details
    expect(granted).toMatchObject({ tags: [{ key: 'age', granularity: 'flag' }] })
    const days = (Date.parse(granted.expires) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(29)
    expect(days).toBeLessThanOrEqual(30)
  })

  it('joins it to what the partner calls the customer, unless the customer takes that out', async () => {
    for (const links of [true, false]) {
      const { browser, page, request } = await atPage({ reference: 'A-"4711" <b>' })
      expect(page.text).toContain('may join this to what it knows of you as “A-&#34;4711&#34; &#60;b&#62;”')
      const fields = formOf(page).filter(([name]) => links || name !== 'link')
      const back = await decide(browser, page, [...fields, ['decision', 'agree']])
      const code = { code: back.get('code') ?? '', verifier: request.verifier }
      const [granted] = (await (await exchange(gateway, client, code)).json()).authorization_details
      expect(granted.reference).toBe(links ? 'A-"4711" <b>' : undefined)
    }
  })

  it('does not join it when another customer goes by that name there: the page comes again and says so', async () => {
    const first = await atPage({ reference: 'A-taken' })
    await decide(first.browser, first.page, [...formOf(first.page), ['decision', 'agree']])
    const { account, browser, page, address } = await atPage({ reference: 'A-taken' })
    const again = await browser.post(address, [...formOf(page), ['decision', 'agree']])
    expect(again.status).toBe(422)
    expect(again.text).toContain('knows another customer by this name already')
    expect(await consentsOf(account)).toEqual([])
    const without = formOf(page).filter(([name]) => name !== 'link')
    expect((await decide(browser, page, [...without, ['decision', 'agree']])).get('code')).toBeTruthy()
  })

  it.each<[string, readonly (readonly [string, string])[]]>([
    ['a finer granularity than was asked', [['granularity.risk_level', 'exact']]],
    [
      'a tag that was not asked',
      [
        ['tag', 'assets'],
        ['granularity.assets', 'band'],
      ],
    ],
    ['a granularity that there is not', [['granularity.age', 'all']]],
    [
      'a tag twice',
      [
        ['tag', 'age'],
        ['tag', 'age'],
      ],
    ],
    ['another end', [['until', '3650']]],
    ['no end', [['until', '']]],
    ['a decision that is none', [['decision', 'maybe']]],
  ])('gives nothing when the form was made to say %s', async (_, fields) => {
    const { account, browser, page, address } = await atPage()
    const answer = await browser.post(
      address,
      changed(
        page,
        [['decision', 'agree'], ...fields].slice(fields.some(([name]) => name === 'decision') ? 1 : 0) as [
          string,
          string,
        ][],
      ),
    )
    expect(answer.status).toBe(400)
    expect(await consentsOf(account)).toEqual([])
    expect(await requestsOf(account)).toEqual(['AWAITING'])
  })

  it('to nothing is no answer: the page comes again as it was left', async () => {
    const { account, browser, page, address } = await atPage()
    const fields = formOf(page).filter(([name]) => name !== 'tag')
    const again = await browser.post(address, [...fields, ['decision', 'agree']])
    expect(again.status).toBe(422)
    expect(again.text).toContain('Choose at least one thing to share')
    expect(again.text).not.toContain(' checked')
    expect(await consentsOf(account)).toEqual([])
  })

  it('counts for the words that were read: when they are others by now, they are shown first', async () => {
    const { account, browser, page, address } = await atPage()
    await world.owner`
      update tags set value = '61' where tag_key = 'age' and customer_id = (
        select id from customers where account_key = ${account})`
    const fields = changed(page, [
      ['tag', 'age'],
      ['decision', 'agree'],
    ])
    const again = await browser.post(address, fields)
    expect(again.status).toBe(422)
    expect(again.text).toContain('has changed since you opened it')
    expect(again.text).toContain('Exact value – 61')
    // what was chosen stays chosen
    expect([...again.text.matchAll(/value="([^"]*)" checked/g)].map(([, key]) => key)).toEqual(['age'])
    expect(await consentsOf(account)).toEqual([])
    await decide(
      browser,
      again,
      changed(again, [
        ['tag', 'age'],
        ['decision', 'agree'],
      ]),
    )
    expect(await consentsOf(account)).toMatchObject([{ tags: ['age:exact'] }])
  })

  it('is to the notice that was read: another that was published meanwhile is shown first', async () => {
    const publish = (version: number) =>
      definePurposes(gateway.context, [
        {
          ...PURPOSES[1],
          notice: { version, texts: { en: `We choose courses, ${version}.`, 'zh-CN': `我们挑选课程，${version}。` } },
        },
      ])
    await publish(1)
    const { account, browser, page, address } = await atPage({
      purpose: 'EDUCATION',
      tags: [{ key: 'age', granularity: 'band' }],
    })
    expect(page.text).toContain('We choose courses, 1.')
    expect((await browser.get(`${address}?lang=zh-CN`)).text).toContain('我们挑选课程，1。')
    await publish(2)
    const again = await browser.post(address, [...formOf(page), ['decision', 'agree']])
    expect(again.status).toBe(422)
    expect(again.text).toContain('We choose courses, 2.')
    await decide(browser, again, [...formOf(again), ['decision', 'agree']])
    const rows = await world.owner`
      select c.notice_version from consents c join customers u on u.id = c.customer_id where u.account_key = ${account}`
    expect(rows).toEqual([{ notice_version: 2 }])
  })

  it('twice at once, on two processes, is one consent, and each page leads back', async () => {
    const { account, browser, page, address } = await atPage({}, { browser: new Browser(gateway, second) })
    const fields = [...formOf(page), ['decision', 'agree'] as const]
    const pages = await Promise.all([browser.post(address, fields), browser.copy().post(address, fields)])
    expect(await consentsOf(account)).toHaveLength(1)
    const backs = await Promise.all(pages.map((one) => browser.get(wayOn(one))))
    expect(backs.filter((back) => back.address.startsWith(`${REDIRECT_URI}?code=`)).length).toBeLessThanOrEqual(1)
    expect(pages.every(({ status }) => status === 200)).toBe(true)
  })
})

describe('agreeing once more on a page that was left open', () => {
  it('changes nothing, and leads back with what was given', async () => {
    const { account, browser, page, address } = await atPage()
    const fields = [...formOf(page), ['decision', 'agree'] as const]
    await browser.post(address, fields)
    const again = await browser.post(address, fields)
    expect(again.text).toContain('This request was answered already')
    const back = new URL((await browser.get(wayOn(again))).address).searchParams
    expect(back.has('code')).toBe(true)
    expect(await consentsOf(account)).toHaveLength(1)
  })
})

describe('refusing', () => {
  it('shares nothing and tells the partner', async () => {
    const { account, browser, page, request } = await atPage()
    const back = await decide(browser, page, [...formOf(page), ['decision', 'refuse']])
    expect(Object.fromEntries(back)).toMatchObject({
      error: 'access_denied',
      state: request.state,
      iss: expect.any(String),
    })
    expect(back.has('code')).toBe(false)
    expect(await consentsOf(account)).toEqual([])
    expect(await requestsOf(account)).toEqual(['REJECTED'])
  })

  it('and agreeing at once, on two processes, ends in one of them for everybody', async () => {
    for (let round = 0; round < 4; round++) {
      const { account, browser, page, address } = await atPage({}, { browser: new Browser(gateway, second) })
      const other = browser.copy()
      await Promise.all([
        browser.post(address, [...formOf(page), ['decision', 'agree']]),
        other.post(address, [...formOf(page), ['decision', 'refuse']]),
      ])
      const [status] = await requestsOf(account)
      const later = await browser.get(address)
      const back = new URL((await browser.get(wayOn(later))).address).searchParams
      expect(await consentsOf(account)).toHaveLength(status === 'AUTHORISED' ? 1 : 0)
      expect(back.get('error')).toBe(status === 'AUTHORISED' ? null : 'access_denied')
      expect(back.has('code')).toBe(status === 'AUTHORISED')
    }
  })
})

describe('a form', () => {
  it.each<
    [
      string,
      (fields: readonly (readonly [string, string])[]) => readonly (readonly [string, string])[],
      Record<string, string>,
    ]
  >([
    ['without its token', (fields) => fields.filter(([name]) => name !== 'token'), {}],
    [
      'with a token of another page',
      (fields) => [...fields.filter(([name]) => name !== 'token'), ['token', 'A'.repeat(43)]],
      {},
    ],
    ['from another site', (fields) => fields, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['from another site of ours', (fields) => fields, { 'sec-fetch-site': 'same-site' }],
    ['from nowhere', (fields) => fields, { origin: 'null' }],
  ])('%s does nothing', async (_, change, headers) => {
    const { account, browser, page, address } = await atPage()
    const answer = await browser.post(address, [...change(formOf(page)), ['decision', 'agree']], headers)
    expect(answer.status).toBe(403)
    expect(await consentsOf(account)).toEqual([])
  })

  it('does nothing in another browser, however it came by the token', async () => {
    const { account, page, address } = await atPage()
    const answer = await new Browser(gateway).post(address, [...formOf(page), ['decision', 'agree']])
    expect(answer.status).toBe(404)
    expect(await consentsOf(account)).toEqual([])
  })

  it('that is none, or too much, is refused', async () => {
    const { browser, address } = await atPage()
    expect((await browser.post(address, [['x', 'y'.repeat(100_000)]])).status).toBe(413)
    expect((await browser.post(address, [], { 'content-type': 'application/json' })).status).toBe(415)
    expect((await gateway.fetch(address, { method: 'PUT' })).status).toBe(405)
  })
})

describe('signing in', () => {
  it('asks who it is for each request anew, and says so of an account that there is not', async () => {
    const browser = new Browser(gateway)
    await atPage({}, { browser })
    const page = await signIn(browser, authorizeAddress(client, await pushed(gateway, client)), 'nobody-of-that-name')
    expect(page.status).toBe(422)
    expect(page.text).toContain('There is no customer with this account key')
    expect((await signIn(browser, authorizeAddress(client, await pushed(gateway, client)), 'a\u0000b')).status).toBe(
      422,
    )
  })

  it('as another customer in the same browser is for that customer, without a script', async () => {
    const browser = new Browser(gateway)
    const first = await atPage({}, { browser })
    const next = await atPage({}, { browser })
    expect(next.page.text).toContain('Exact value – 44')
    await decide(browser, next.page, [...formOf(next.page), ['decision', 'agree']])
    expect(await consentsOf(next.account)).toHaveLength(1)
    expect(await consentsOf(first.account)).toEqual([])
    // and the page that was left open before is not his to answer
    const late = await browser.post(first.address, [...formOf(first.page), ['decision', 'agree']])
    expect(late.status).toBe(404)
    expect(await consentsOf(first.account)).toEqual([])
  })

  it('to a request that another customer has opened does not show it', async () => {
    const { request } = await atPage()
    const stranger = await customer(world.owner, { synthetic: true })
    const page = await signIn(new Browser(second), authorizeAddress(client, request), stranger)
    expect(page.status).toBe(404)
    expect(page.text).not.toContain('Exact value')
  })

  it('is not made up where there is no development', async () => {
    const strict = await startGateway(world, { settings: { development: { issuer: false, graphiql: false } } })
    try {
      const request = await pushed(strict, client)
      const page = await new Browser(strict).get(authorizeAddress(client, request))
      expect(page.status).toBe(422)
      expect(page.text).toContain('This did not work')
      expect(page.text).not.toContain('name="account"')
    } finally {
      await strict.close()
    }
  })
})

describe('a request that nobody answered in time', () => {
  it('has lapsed, and the page leads back to the partner', async () => {
    const { account, browser, page, address, request } = await atPage()
    await behindGuards(
      world.owner,
      `update consent_requests set requested_at = now() - interval '1 hour', lapses_at = now() - interval '1 second'
       where customer_id = (select id from customers where account_key = '${account}')`,
    )
    const late = await browser.post(address, [...formOf(page), ['decision', 'agree']])
    expect(late.status).toBe(410)
    expect(late.text).toContain('This request has lapsed')
    const back = new URL((await browser.get(wayOn(late))).address).searchParams
    expect(Object.fromEntries(back)).toMatchObject({ error: 'access_denied', state: request.state })
    expect(await consentsOf(account)).toEqual([])
  })
})

describe('a partner that is suspended while its customer reads', () => {
  it('is given nothing', async () => {
    const other = await askingClient(gateway.context)
    await goLive(gateway.context, { partner: other.partner })
    const { account, browser, page, address } = await atPage({}, { who: other })
    await changePartnerStatus(gateway.context, { partner: other.partner, status: 'SUSPENDED', reason: 'incident' })
    const answer = await browser.post(address, [...formOf(page), ['decision', 'agree']])
    expect(answer.text).toContain('This did not work')
    expect(await consentsOf(account)).toEqual([])
  })
})

describe('what is logged of all this', () => {
  it('holds no name of an interaction, no account and no value', () => {
    const lines = `${gateway.logged()}\n${second.logged()}`
    expect(lines).toContain('/consent/:uid')
    expect(lines).not.toMatch(/\/consent\/[\w-]{40}/)
    expect(lines).not.toMatch(/account-\d|12000/)
  })
})
