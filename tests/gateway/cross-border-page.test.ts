import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { setJurisdiction } from '../../partners/set-jurisdiction.ts'
import { customer, defineCatalogue } from '../customers/factories.ts'
import { useWorld } from '../support/database.ts'
import { Browser, type Seen } from './browser.ts'
import type { TestClient } from './clients.ts'
import {
  asked,
  askingClient,
  askToken,
  authorizeAddress,
  decide,
  exchange,
  formOf,
  push,
  pushed,
  signIn,
} from './consent-flow.ts'
import { startGateway, type TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let client: TestClient

beforeAll(async () => {
  gateway = await startGateway(world)
  await defineCatalogue(gateway.context)
  client = await askingClient(gateway.context)
  await move(client, 'SG')
})
afterAll(() => gateway.close())

async function move({ partner }: TestClient, jurisdiction: string): Promise<void> {
  await setJurisdiction(gateway.context, { partner, jurisdiction, reason: 'moved', idempotencyKey: randomUUID() })
}

const details = (more: object) => ({ authorization_details: JSON.stringify([asked({ ...more })]) })

async function atPage(who: TestClient, more: object = { crossBorder: true }) {
  const browser = new Browser(gateway)
  const account = await customer(world.owner, { synthetic: true })
  const request = await pushed(gateway, who, details(more))
  return { account, browser, request, page: await signIn(browser, authorizeAddress(who, request), account) }
}

const agreeing = (page: Seen, ...more: readonly (readonly [string, string])[]) => [
  ...formOf(page),
  ...more,
  ['decision', 'agree'] as const,
]

async function givenBy(account: string): Promise<readonly unknown[]> {
  return world.owner`
    select c.cross_border from consents c join customers u on u.id = c.customer_id where u.account_key = ${account}`
}

it('is asked for where the data leaves the country, and only there', async () => {
  const missing = await push(gateway, client, details({}))
  expect(await missing.response.json()).toMatchObject({
    error: 'invalid_authorization_details',
    error_description: 'crossBorder: the partner is in SG: ask with crossBorder true',
  })
  const here = await push(gateway, await askingClient(gateway.context), details({ crossBorder: true }))
  expect(here.response.status).toBe(400)
})

it('stands on the page by itself, in both languages, with a tick that nobody made', async () => {
  const { browser, page } = await atPage(client)
  expect(page.text).toContain('Harbour Bank is in Singapore.')
  expect(page.text).toMatch(/<input type="checkbox" name="border" value="yes">My data may go to Singapore/)
  const chinese = await browser.get(`${page.address.split('?')[0]}?lang=zh-CN`)
  expect(chinese.text).toMatch(
    /<input type="checkbox" name="border" value="yes">我单独同意将我的数据提供至境外（新加坡）/,
  )
})

it('cannot be agreed to without the tick: the page comes again as it was left', async () => {
  const { account, browser, page } = await atPage(client)
  const again = await browser.post(page.address.split('?')[0] ?? '', agreeing(page))
  expect(again.status).toBe(422)
  expect(again.text).toContain('tick that it may go there')
  expect(await givenBy(account)).toEqual([])
})

it('is given with the tick, and told with the token', async () => {
  const { account, browser, page, request } = await atPage(client)
  const back = await decide(browser, page, agreeing(page, ['border', 'yes']))
  const code = { code: back.get('code') ?? '', verifier: request.verifier }
  const answer = await (await exchange(gateway, client, code)).json()
  expect(answer.authorization_details).toMatchObject([{ crossBorder: true, purpose: 'CREDIT' }])
  expect(await givenBy(account)).toEqual([{ cross_border: 'SG' }])
})

it('is not refreshed once the partner is somewhere else', async () => {
  const moving = await askingClient(gateway.context)
  const { browser, page, request } = await atPage(moving, {})
  expect(page.text).not.toContain('name="border"')
  const back = await decide(browser, page, agreeing(page))
  const code = { code: back.get('code') ?? '', verifier: request.verifier }
  const { refresh_token = '' } = await (await exchange(gateway, moving, code)).json()
  const refresh = { grant_type: 'refresh_token', refresh_token }
  expect((await askToken(gateway, moving, refresh)).status).toBe(200)
  await move(moving, 'SG')
  expect(await (await askToken(gateway, moving, refresh)).json()).toMatchObject({ error: 'invalid_grant' })
})

it('is shown first to whoever opened the page before the partner moved', async () => {
  const moving = await askingClient(gateway.context)
  const { account, browser, page } = await atPage(moving, {})
  await move(moving, 'SG')
  const again = await browser.post(page.address.split('?')[0] ?? '', agreeing(page))
  expect(again.status).toBe(422)
  expect(again.text).toContain('Harbour Bank is in Singapore.')
  expect(await givenBy(account)).toEqual([])
})
