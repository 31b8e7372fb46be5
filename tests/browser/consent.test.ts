import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import * as openid from 'openid-client'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definePurposes } from '../../customers/define-purposes.ts'
import { defineTags } from '../../customers/define-tags.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { createClient } from '../../partners/create-client.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { findPartner } from '../../partners/find-partner.ts'
import type { Partner } from '../../partners/partner.ts'
import { programPath } from '../../tools/system-packages.ts'
import { customer, grant, PURPOSES, read, TAGS } from '../customers/factories.ts'
import { keyPair } from '../gateway/clients.ts'
import { asked } from '../gateway/consent-flow.ts'
import { startGateway, type TestGateway } from '../gateway/gateway.ts'
import { livePartner } from '../partners/factories.ts'
import { useWorld } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'

/** Where pictures go, for whoever wants to look at them. */
const PICTURES = process.env['TRIBUTARY_PICTURES']
const PHONE = { width: 360, height: 740 }

const NOTICE = {
  version: 1,
  texts: {
    en: 'The bank uses this to see which credit you could be offered. It may not use it for anything else.',
    'zh-CN': '银行据此判断可以向您提供哪些信贷，不得用于其他目的。',
  },
}
const NAMES: Readonly<Record<string, string>> = {
  age: '年龄',
  assets: '资产',
  risk_level: '风险等级',
  has_loan: '有贷款',
}

const world = useWorld()
let gateway: TestGateway
let browser: Browser
let caller: PartnerCaller
let config: openid.Configuration
let origin = ''
let partnerOrigin = ''
let partnerSite: ReturnType<typeof createServer>

beforeAll(async () => {
  partnerSite = createServer((_request, response) =>
    response.end('<!doctype html><title>Back</title><h1>Harbour Bank</h1>'),
  )
  partnerOrigin = `http://127.0.0.1:${await listen(partnerSite)}`
  const port = await freePort()
  origin = `http://localhost:${port}`
  gateway = await startGateway(world, { settings: { origin }, port })
  await defineTags(gateway.context, TAGS.map(chinese))
  await definePurposes(gateway.context, [{ ...PURPOSES[0], notice: NOTICE }])
  config = await registeredPartner()
  browser = await chromium.launch({ executablePath: programPath('chromium'), args: ['--no-sandbox'] })
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
  partnerSite?.close()
})

describe('a customer on a phone, without scripts', () => {
  it('grants what was asked for, and comes back to the partner with a code that holds', async () => {
    const visit = await open('en')
    await visit.page.waitForURL(/\/consent\//)
    await picture(visit.page, 'sign-in-en')
    await visit.signIn()
    await picture(visit.page, 'consent-en')
    expect(await visit.page.getByRole('heading', { level: 1 }).textContent()).toBe(
      '海港银行 Harbour Bank asks for some of your data',
    )
    await visit.page.getByRole('button', { name: 'Agree and share' }).click()
    await visit.page.waitForURL(`${partnerOrigin}/**`)
    const [granted] = await visit.tokens()
    expect(granted).toMatchObject({
      tags: [
        { key: 'age', granularity: 'exact' },
        { key: 'risk_level', granularity: 'band' },
      ],
    })
    await visit.close()
  })

  it('narrows it in Chinese: fewer tags, coarser, for a shorter time', async () => {
    const visit = await open('zh-CN')
    await visit.page.waitForURL(/\/consent\//)
    await visit.signIn()
    expect(await visit.page.locator('html').getAttribute('lang')).toBe('zh-CN')
    await picture(visit.page, 'consent-zh')
    await visit.page.getByLabel('共享：风险等级').uncheck()
    await visit.page.getByLabel('精确程度：年龄').selectOption({ value: 'band' })
    await visit.page.getByLabel('有效期').selectOption({ value: '30' })
    await visit.page.getByRole('button', { name: '同意并共享' }).click()
    await visit.page.waitForURL(`${partnerOrigin}/**`)
    const [granted] = await visit.tokens()
    expect(granted).toMatchObject({ tags: [{ key: 'age', granularity: 'band' }] })
    expect(Date.parse(String(granted?.['expires']))).toBeLessThan(Date.now() + 31 * 86_400_000)
    await visit.close()
  })

  it('refuses by keyboard alone', async () => {
    const visit = await open('en')
    await visit.page.waitForURL(/\/consent\//)
    await visit.signIn()
    await tabTo(visit.page, 'Refuse')
    await visit.page.keyboard.press('Enter')
    await visit.page.waitForURL(`${partnerOrigin}/**`)
    expect(new URL(visit.page.url()).searchParams.get('error')).toBe('access_denied')
    await visit.close()
  })

  it('is told when everything was taken out, and finds it so', async () => {
    const visit = await open('en')
    await visit.page.waitForURL(/\/consent\//)
    await visit.signIn()
    for (const box of await visit.page.getByRole('checkbox').all()) await box.uncheck()
    await visit.page.getByRole('button', { name: 'Agree and share' }).click()
    expect(await visit.page.getByRole('alert').textContent()).toContain('Choose at least one')
    for (const box of await visit.page.getByRole('checkbox').all()) expect(await box.isChecked()).toBe(false)
    await visit.close()
  })

  it('changes the language on the page', async () => {
    const visit = await open('en')
    await visit.page.waitForURL(/\/consent\//)
    await visit.signIn()
    await visit.page.getByRole('link', { name: '简体中文' }).click()
    expect(await visit.page.getByRole('heading', { level: 1 }).textContent()).toContain('申请获取您的部分数据')
    await visit.close()
  })

  it('reads it at 360 pixels in both schemes: nothing runs over, everything pressed is large, words stand out', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const visit = await open('zh-CN', { colorScheme, javaScriptEnabled: true })
      await visit.page.waitForURL(/\/consent\//)
      await visit.signIn()
      await picture(visit.page, `consent-zh-${colorScheme}`)
      await fits(visit.page)
      for (const field of await visit.page.locator('input[type=checkbox], select').all()) {
        expect(await field.evaluate((each) => (each as HTMLInputElement).labels?.length ?? 0)).toBeGreaterThan(0)
      }
      await visit.close()
    }
  })
})

describe('a newcomer on a phone, without scripts', () => {
  it('grants, sees it, shares less, sees who read it, and ends it', async () => {
    const visit = await open('en')
    await visit.page.waitForURL(/\/consent\//)
    await visit.signIn()
    await visit.page.getByRole('button', { name: 'Agree and share' }).click()
    await visit.page.waitForURL(`${partnerOrigin}/**`)
    const [granted] = await visit.tokens()
    const { page } = visit
    await visit.signInToMine()
    await picture(page, 'my-consents-en')
    await page.getByRole('link', { name: 'Harbour Bank – Credit' }).click()
    await picture(page, 'my-consent-en')
    await page.getByLabel('Share: Risk level').uncheck()
    await page.getByLabel('How exactly: Age').selectOption({ value: 'band' })
    await page.getByRole('button', { name: 'Share only this' }).click()
    await page.getByText('Age (Range only)').waitFor()
    await read(gateway.context, { caller }, { subject: String(granted?.['subject']) })
    await page.getByRole('link', { name: 'Who read what' }).click()
    await picture(page, 'my-reads-en')
    expect(await page.locator('time').count()).toBe(1)
    await page.getByRole('link', { name: 'Under this consent' }).click()
    await page.getByRole('button', { name: 'End this consent' }).click()
    expect(await page.locator('dd').first().textContent()).toBe('Ended by you or for you')
    expect(await read(gateway.context, { caller }, { subject: String(granted?.['subject']) })).toBeNull()
    await visit.close()
  })

  it('ends everything in Chinese, only once it is ticked; nothing runs over, everything pressed is large', async () => {
    const visit = await open('zh-CN', { javaScriptEnabled: true })
    const { page } = visit
    await grant(gateway.context, { partner: await harbour() }, visit.account, { noticeVersion: 1 })
    await visit.signInToMine()
    await fits(page)
    await picture(page, 'my-consents-zh')
    await complainInChinese(page)
    await page.getByRole('link', { name: '我的授权' }).click()
    await page.getByRole('link', { name: 'Harbour Bank – 信贷' }).click()
    await fits(page)
    await picture(page, 'my-consent-zh')
    await page.getByRole('link', { name: '终止与 海港银行 Harbour Bank 的全部共享' }).click()
    await page.getByRole('button', { name: '全部终止' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('请先勾选')
    await fits(page)
    await picture(page, 'my-end-zh')
    await page.getByLabel('我要终止以上全部授权').check()
    await page.getByRole('button', { name: '全部终止' }).click()
    await page.getByText('已撤回或终止').waitFor()
    await page.getByRole('button', { name: '退出' }).click()
    await page.getByRole('heading', { name: '您的数据，以及谁可以查看' }).waitFor()
    await visit.close()
  })
})

/** Complains, once a look was taken at who the partners are. */
async function complainInChinese(page: Page): Promise<void> {
  await livePartner(gateway.context)
  await page.goto(`${origin}/directory`)
  await page.getByText('可向您申请').waitFor()
  await fits(page)
  await picture(page, 'directory-zh')
  await page.getByRole('link', { name: '您共享的内容与读取记录' }).click()
  await page.getByRole('link', { name: '投诉' }).click()
  await page.getByLabel('投诉类别').selectOption({ label: '行为态度' })
  await page.getByLabel('事情经过').fill('他们每天都给我打电话。\n我已多次要求停止。')
  await page.getByRole('button', { name: '提交投诉' }).click()
  await page.getByText('已收到').waitFor()
  await fits(page)
  await picture(page, 'my-complaints-zh')
}

/** Holds a page to a phone: its width, the size of what is pressed, and the contrast of its words. */
async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width)
  for (const control of await page.locator('button, select, label.pick').all()) {
    expect((await control.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  }
  expect(await page.evaluate(leastContrast)).toBeGreaterThanOrEqual(4.5)
}

async function harbour(): Promise<Partner> {
  const partner = await findPartner(gateway.context, 'harbour-bank')
  if (partner === undefined) throw new Error('the partner was made at the start')
  return partner
}

type Visit = {
  readonly account: string
  readonly page: Page
  readonly signIn: () => Promise<void>
  /** Goes to the customer's own pages and signs in. */
  readonly signInToMine: () => Promise<void>
  readonly tokens: () => Promise<readonly Readonly<Record<string, unknown>>[]>
  readonly close: () => Promise<void>
}

/** A new customer, in front of the partner's request. */
async function open(locale: string, more: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> {
  const account = await customer(world.owner, { synthetic: true })
  const context: BrowserContext = await browser.newContext({
    viewport: PHONE,
    locale,
    javaScriptEnabled: false,
    ...more,
  })
  context.setDefaultTimeout(8000)
  const page = await context.newPage()
  const verifier = openid.randomPKCECodeVerifier()
  const state = openid.randomState()
  const url = await openid.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: `${partnerOrigin}/back`,
    state,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([asked({ maxPerDay: 5 })]),
  })
  await page.goto(url.href)
  const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'))
  return {
    account,
    page,
    signInToMine: async () => {
      await page.goto(`${origin}/consent/mine`)
      await page.getByRole('textbox').fill(account)
      await page.getByRole('button').click()
      await page.waitForURL(`${origin}/consent/mine`)
      await page.locator('.ways').waitFor()
    },
    signIn: async () => {
      await page.getByRole('textbox').fill(account)
      await page.getByRole('button').click()
      await page.getByRole('checkbox').first().waitFor()
    },
    tokens: async () => {
      const checks = { pkceCodeVerifier: verifier, expectedState: state }
      const tokens = await openid.authorizationCodeGrant(config, new URL(page.url()), checks, {}, { DPoP })
      return tokens.authorization_details ?? []
    },
    close: () => context.close(),
  }
}

async function registeredPartner(): Promise<openid.Configuration> {
  const keys = await keyPair()
  const partner = await createPartner(gateway.context, {
    code: 'harbour-bank',
    name: '海港银行 Harbour Bank',
    kind: 'BANK',
  })
  const { id } = await createClient(gateway.context, {
    partner: partner.id,
    name: 'Portal',
    jwks: { keys: [{ ...keys.publicJwk, kid: 'a' }] },
    scopes: ['customers:read'],
    redirectUris: [`${partnerOrigin}/back`],
  })
  caller = { kind: 'partner', partner: partner.id, client: id, scopes: new Set(['customers:read']), requestId: 'tests' }
  const auth = openid.PrivateKeyJwt({ key: keys.privateKey, kid: 'a' })
  return openid.discovery(new URL(`${origin}/oauth`), id, undefined, auth, { execute: [openid.allowInsecureRequests] })
}

function chinese<T extends { readonly key: string }>(tag: T): T & { readonly labelZh: string } {
  return { ...tag, labelZh: NAMES[tag.key] ?? tag.key }
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  await mkdir(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press('Tab')
    if ((await page.locator(':focus').textContent()) === name) return
  }
  throw new Error(`the keyboard does not come to ${name}`)
}

/** The least contrast of text against what is behind it (WCAG 2.2 §1.4.3). It runs in the page. */
function leastContrast(): number {
  const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number)
  const linear = (value: number): number =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
  const luminance = ([r = 0, g = 0, b = 0]: number[]): number =>
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const behind = (element: Element | null): number[] => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor)
      if (color.length === 3 || (color[3] ?? 1) > 0) return color
    }
    return [255, 255, 255]
  }
  const ratios = [...document.querySelectorAll('body *')]
    .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
    .filter((each) => each.tagName !== 'OPTION')
    .map((each) => {
      const [one, other] = [luminance(channels(getComputedStyle(each).color)), luminance(behind(each))]
      return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    })
  return Math.min(...ratios)
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
