import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCase } from '../../customers/cases/open-case.ts'
import { lookAtCustomer } from '../../customers/cases/read-case.ts'
import type { Consent } from '../../customers/consent.ts'
import { attestDeletion } from '../../customers/deletions/attest-deletion.ts'
import { customer, defineCatalogue, grant, liveParty, type Party, read } from '../customers/factories.ts'
import { useWorld } from '../support/database.ts'
import { Browser, hidden, type Seen } from './browser.ts'
import { ORIGIN, startGateway, type TestGateway } from './gateway.ts'
import { comingBack, startIdentityProvider } from './identity-provider.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway
let party: Party

beforeAll(async () => {
  ;[gateway, second] = await Promise.all([startGateway(world), startGateway(world)])
  await defineCatalogue(gateway.context)
  party = await liveParty(gateway.context)
})
afterAll(async () => {
  await Promise.all([gateway.close(), second.close()])
})

type Fields = readonly (readonly [string, string])[]

/** A customer who has given a consent and signed in, over two processes. */
async function signedIn() {
  const account = await customer(world.owner)
  const consent = await grant(gateway.context, party, account, { tags: [{ key: 'age', granularity: 'exact' }] })
  const browser = new Browser(gateway, second)
  const page = await signIn(browser, account)
  return { account, consent, browser, page }
}

async function signIn(browser: Browser, account: string): Promise<Seen> {
  const page = await browser.get('/consent/mine')
  return browser.post('/consent/mine/sign-in', [
    ['token', hidden(page, 'token')],
    ['account', account],
  ])
}

/** What every form of a page carries, and more. */
function form(page: Seen, ...more: Fields): Fields {
  return [['token', hidden(page, 'token')], ['key', hidden(page, 'key')], ...more]
}

const at = (consent: Pick<Consent, 'id'>, verb = '') => `/consent/mine/consents/${consent.id}${verb}`

async function statusesOf(account: string): Promise<readonly string[]> {
  const rows = await world.owner<{ status: string }[]>`
    select c.status from consents c join customers u on u.id = c.customer_id
    where u.account_key = ${account} order by c.id`
  return rows.map(({ status }) => status)
}

describe('the customer’s own pages', () => {
  it('show what is shared and who read it, of one partner too', async () => {
    const { account, consent, browser, page } = await signedIn()
    expect(page).toMatchObject({ status: 200, address: '/consent/mine' })
    expect(page.text).toContain(party.partner.name)
    expect(page.text).toContain('Age (Exact value)')
    expect((await browser.get('/consent/mine/reads')).text).toContain('Nobody has read anything')
    await read(gateway.context, party, { subject: consent.subject })
    const reads = await browser.get(`/consent/mine/reads?partner=${party.partner.code}`)
    expect(reads.text).toContain('<time datetime=')
    expect(reads.text).toContain(`href="${at(consent)}"`)
    expect(reads.text).not.toContain('Looked at by your broker')
    const officer = { ...gateway.context, actor: 'staff:ann' as const }
    const { id } = await openCase(officer, { accountKey: account, reason: 'a complaint', idempotencyKey: account })
    await lookAtCustomer(officer, { case: id })
    expect((await browser.get('/consent/mine/reads')).text).toContain('Looked at by your broker')
  })

  it('narrow a consent once, however often the form is sent, and say no to a form that asks for more', async () => {
    const { account, consent, browser } = await signedIn()
    const page = await browser.get(at(consent))
    const fields = form(page, ['tag', 'age'], ['granularity.age', 'band'], ['until', ''])
    const sent = await Promise.all([1, 2, 3].map(() => browser.copy().post(at(consent, '/narrow'), fields)))
    expect(new Set(sent.map(({ address }) => address)).size).toBe(1)
    expect(sent[0]?.text).toContain('Age (Range only)')
    expect(await statusesOf(account)).toEqual(['SUPERSEDED', 'AUTHORISED'])
    const [narrowed] = sent
    const finer = form(await browser.get(narrowed?.address ?? ''), ['tag', 'age'], ['granularity.age', 'exact'])
    expect((await browser.post(`${narrowed?.address}/narrow`, finer)).status).toBe(400)
    expect(await statusesOf(account)).toEqual(['SUPERSEDED', 'AUTHORISED'])
  })

  it('tell that nothing was taken away, or everything', async () => {
    const { consent, browser } = await signedIn()
    const page = await browser.get(at(consent))
    const same = form(page, ['tag', 'age'], ['granularity.age', 'exact'], ['until', ''])
    const unchanged = await browser.post(at(consent, '/narrow'), same)
    expect(unchanged.status).toBe(422)
    expect(unchanged.text).toContain('Nothing was taken away')
    const nothing = await browser.post(at(consent, '/narrow'), form(page, ['until', '']))
    expect(nothing.text).toContain('Everything was taken out')
  })

  it('pause, resume and end: what is read follows at once', async () => {
    const { consent, browser } = await signedIn()
    const act = async (verb: string) => browser.post(at(consent, verb), form(await browser.get(at(consent))))
    const given = async () => read(gateway.context, party, { subject: consent.subject })
    expect((await act('/pause')).text).toContain('Paused')
    expect(await given()).toBeNull()
    expect((await act('/resume')).text).toContain('Counts')
    expect(await given()).not.toBeNull()
    const ended = await act('/revoke')
    expect(ended.text).toContain('Ended by you')
    expect(ended.text).not.toContain('/narrow')
    expect(await given()).toBeNull()
  })

  it('tell what became of what the partner had read, once a consent has ended', async () => {
    const { consent, browser } = await signedIn()
    const before = await browser.get(at(consent))
    expect(before.text).not.toContain('What the partner had read')
    await browser.post(at(consent, '/revoke'), form(before))
    const ended = await browser.get(at(consent))
    expect(ended.text).toContain('To be deleted by')
    expect(ended.text).not.toContain('Says that it deleted it')
    const attested = { partner: party.partner.id, consent: consent.id, idempotencyKey: 'attest' }
    await attestDeletion(gateway.context, attested)
    expect((await browser.get(at(consent))).text).toContain('Says that it deleted it')
  })

  it('end everything only when the customer ticked it, and nothing for a partner that is none', async () => {
    const { account, browser } = await signedIn()
    const page = await browser.get(`/consent/mine/end?partner=${party.partner.code}`)
    const unsure = await browser.post('/consent/mine/end', form(page, ['partner', party.partner.code]))
    expect(unsure.status).toBe(422)
    for (const partner of ['nobody', 'x'.repeat(3000), '\u0000']) {
      const wrong = await browser.post('/consent/mine/end', form(page, ['partner', partner], ['sure', 'yes']))
      expect(wrong.status).toBe(404)
    }
    expect((await browser.post('/consent/mine/end', form(page, ['sure', 'yes']))).status).toBe(404)
    expect(await statusesOf(account)).toEqual(['AUTHORISED'])
    const done = await browser.post('/consent/mine/end', form(page, ['partner', party.partner.code], ['sure', 'yes']))
    expect(done.address).toBe('/consent/mine')
    expect(await statusesOf(account)).toEqual(['REVOKED'])
  })

  it('give a receipt for each step, which the published keys verify', async () => {
    const { consent, browser } = await signedIn()
    const { text } = await browser.get(at(consent))
    const address = /href="([^"]*\/receipts\/[^"]*)"/.exec(text)?.[1] ?? ''
    expect((await browser.get(address)).text).toContain('ISO/IEC TS 27560:2023')
    const file = await browser.get(`${address}/file`)
    expect(file.headers.get('content-disposition')).toContain('.jws')
    const keys = createRemoteJWKSet(new URL(`${ORIGIN}/consents/jwks.json`), {
      [customFetch]: (url: string, init: RequestInit) => gateway.fetch(url, init),
    })
    const { payload } = await jwtVerify(file.text, keys)
    expect(payload['record_id']).toBe(consent.id)
  })

  it('switch recommendations off, and speak Chinese from the choice on', async () => {
    const { browser, page } = await signedIn()
    const off = await browser.post('/consent/mine/recommendations', form(page, ['on', 'no']))
    expect(off.text).toContain('Nothing is recommended to you')
    expect((await browser.get('/consent/mine?lang=zh-CN')).text).toContain('<html lang="zh-CN">')
    expect((await browser.get('/consent/mine/reads')).text).toContain('没有人读取过任何数据')
    expect((await browser.get('/consent/mine/nothing')).status).toBe(404)
  })
})

describe('whoever attacks the customer’s own pages', () => {
  it('sends no form from another site, nor with the token of another customer', async () => {
    const { account, consent, browser, page } = await signedIn()
    const other = await signedIn()
    const fields = form(page)
    const revoke = at(consent, '/revoke')
    const tries = [
      browser.post(revoke, fields, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
      browser.post(revoke, [['key', hidden(page, 'key')]]),
      browser.post(revoke, form(other.page)),
    ]
    for (const { status, text } of await Promise.all(tries)) {
      expect(status).toBe(403)
      expect(text).toContain('Nothing was changed')
    }
    expect(await statusesOf(account)).toEqual(['AUTHORISED'])
  })

  it('finds another customer’s consent as little as one that there is not', async () => {
    const { account, consent } = await signedIn()
    const { browser, page } = await signedIn()
    const unknown = { id: 'cns_01890000-0000-7000-8000-000000000000' } as const
    for (const path of ['', '/receipts/rec_1', '/receipts/rec_1/file']) {
      const [theirs, none] = [await browser.get(at(consent, path)), await browser.get(at(unknown, path))]
      expect([theirs.status, theirs.text]).toEqual([404, none.text])
    }
    for (const verb of ['/revoke', '/pause', '/narrow', '/nonsense']) {
      const fields = form(page, ['tag', 'age'], ['granularity.age', 'band'])
      const [theirs, none] = [
        await browser.post(at(consent, verb), fields),
        await browser.post(at(unknown, verb), fields),
      ]
      expect([theirs.status, theirs.text]).toEqual([404, none.text])
    }
    expect(await statusesOf(account)).toEqual(['AUTHORISED'])
  })

  it('does nothing in a session that is over or was signed out of', async () => {
    const { account, consent, browser, page } = await signedIn()
    const kept = browser.copy()
    await browser.post('/consent/mine/sign-out', form(page))
    const late = await kept.post(at(consent, '/revoke'), form(page))
    expect(late.status).toBe(401)
    expect(late.text).toContain('You were signed out')
    const again = await signIn(browser, account)
    await world.owner`update oauth_state set expires_at = now() where model = 'CustomerSession'`
    expect((await browser.post(at(consent, '/revoke'), form(again))).status).toBe(401)
    expect((await browser.get('/consent/mine')).text).toContain('Sign in')
    expect(await statusesOf(account)).toEqual(['AUTHORISED'])
  })

  it('is answered by 4xx pages, whatever is sent', async () => {
    const { consent, browser, page } = await signedIn()
    const bad = [
      browser.get('/consent/mine?after=nonsense'),
      browser.get('/consent/mine/reads?after=%00'),
      browser.get('/consent/mine/reads?partner=%00'),
      browser.get('/consent/mine/consents/%00'),
      browser.post(at(consent, '/pause'), [
        ['token', hidden(page, 'token')],
        ['key', '\u0000'],
      ]),
      browser.post(at(consent, '/narrow'), form(page, ['tag', '\u0000'], ['granularity.\u0000', 'exact'])),
      browser.post(at(consent, '/narrow'), form(page, ['tag', 'age'], ['granularity.age', 'band'], ['until', 'x'])),
      browser.post('/consent/mine/recommendations', form(page, ['on', 'maybe'])),
      browser.post('/consent/mine/recommendations', form(page, ['on', 'x'.repeat(70_000)])),
      browser.get('/consent/mine/sign-out'),
    ]
    for (const { status, text } of await Promise.all(bad)) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
      expect(text).toContain('<h1>This did not work</h1>')
    }
  })

  it('gets pages that nobody frames or keeps, and cookies that no script reads', async () => {
    const response = await gateway.fetch('/consent/mine')
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(response.headers.get('cache-control')).toBe('no-store')
    const [cookie = ''] = response.headers.getSetCookie()
    for (const part of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/consent/mine']) expect(cookie).toContain(part)
  })

  it('does not come in by a sign-in at the identity provider that another browser began', async () => {
    const provider = await startIdentityProvider()
    const { issuer, keys } = provider
    const settings = {
      identity: { issuer, jwks: { keys }, signIn: { clientId: 'tributary', clientSecret: 'the-secret-of-tributary' } },
    }
    const broker = await startGateway(world, { settings })
    try {
      provider.seat(await customer(world.owner))
      const browser = new Browser(broker)
      const begun = await browser.get('/consent/mine/sign-in')
      const back = await comingBack(begun.address)
      expect((await new Browser(broker).get(back)).text).toContain('Signing in did not work')
      const page = await browser.get(back)
      expect(page.address).toBe('/consent/mine')
      expect(page.text).toContain('My consents')
    } finally {
      await Promise.all([broker.close(), provider.close()])
    }
  })
})
