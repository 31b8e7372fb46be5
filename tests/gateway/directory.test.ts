import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StaffCaller } from '../../kernel/caller.ts'
import { newId } from '../../kernel/ids.ts'
import { createAgreement } from '../../ledger/agreements/create-agreement.ts'
import { changeCapability } from '../../partners/capabilities/change-capability.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import type { Partner } from '../../partners/partner.ts'
import type { Scorecard } from '../../partners/ratings/scorecard.ts'
import { insertScorecard } from '../../partners/ratings/store/scorecards.ts'
import { operationsSchema } from '../../schema/graphs.ts'
import { csvOf, importText } from '../catalog/factories.ts'
import { customer, defineCatalogue } from '../customers/factories.ts'
import { someProgramme } from '../ledger/agreements/factories.ts'
import { passed } from '../partners/assessments/scene.ts'
import { activeClient, livePartner, sandboxPartner } from '../partners/factories.ts'
import { ask } from '../schema/asking.ts'
import { counting } from '../schema/counting.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import { askAsPerson } from './as-person.ts'
import { letIn } from './attacks/given-consent.ts'
import { asPartner, type Insider, startRealGateway } from './attacks/real-gateway.ts'
import { Browser } from './browser.ts'
import type { TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway
let insider: Insider
let partner: Partner

beforeAll(async () => {
  ;[gateway, second] = await Promise.all([startRealGateway(world), startRealGateway(world)])
  const { context } = gateway
  await defineCatalogue(context)
  insider = await letIn(gateway)
  const found = await findPartner(context, insider.client.partner)
  if (found === undefined) throw new Error('a partner that was let in is there')
  partner = found
  const products = ['Alpha', 'Beta'].map((name, at) => ({ id: `d${at}`, name, provider: partner.code }))
  await importText(
    context,
    csvOf([...products, { id: 'd2', name: 'Gone', provider: partner.code, status: 'WITHDRAWN' }]),
  )
})
afterAll(() => Promise.all([gateway.close(), second.close()]))

const FACE = 'code name kind jurisdiction purposes { key nameZh categories } productCategories'
const INSIDE = `${FACE} status synthetic productCount grade products { name } assessment { status } capabilities { kind key status due }`
const directory = (fields: string, more = '') => `{ directory(first: 100${more}) { edges { node { ${fields} } } } }`
type Shown = { readonly code: string; readonly [field: string]: unknown }

function entriesIn(data: unknown): readonly Shown[] {
  return (data as { directory: { edges: { node: Shown }[] } }).directory.edges.map(({ node }) => node)
}

/** What each of the three sees of a partner; one that sees nothing of it has nothing. */
async function seenBy(code: string) {
  const person = { customer: await customer(world.owner) }
  const staff = { staff: 'fay', roles: ['finance' as const] }
  const [own, all] = await Promise.all([
    askAsPerson(gateway, person, { query: directory(FACE) }),
    askAsPerson(gateway, staff, { query: directory(INSIDE) }),
  ])
  const peer = await asPartner(gateway, insider, directory(FACE))
  const page = await new Browser(gateway, second).get('/directory')
  const [customers, partners, broker] = [own.body.data, peer.body['data'], all.body.data].map((data) =>
    entriesIn(data).find((one) => one.code === code),
  )
  return { customers, partners, broker, page }
}

it('a live partner shows its public face to everybody, and the rest to the staff', async () => {
  const said = {
    partner: partner.id,
    kind: 'PRODUCTS',
    key: 'Equities',
    reason: 'a form',
    idempotencyKey: 'say',
  } as const
  await changeCapability(gateway.context, { ...said, status: 'PENDING', due: 'a contract' })
  const { customers, partners, broker, page } = await seenBy(partner.code)
  expect(customers).toEqual({
    ...{ code: partner.code, name: 'Harbour Bank', kind: 'BANK', jurisdiction: 'CN', productCategories: ['Equities'] },
    purposes: [
      { key: 'CREDIT', nameZh: '信贷', categories: ['tests'] },
      { key: 'EDUCATION', nameZh: '课程', categories: ['tests'] },
    ],
  })
  expect(partners).toEqual(customers)
  expect(broker).toMatchObject({
    ...customers,
    status: 'LIVE',
    synthetic: false,
    productCount: 2,
    grade: null,
    assessment: null,
  })
  expect(broker?.['products']).toEqual([{ name: 'Alpha' }, { name: 'Beta' }])
  expect(broker?.['capabilities']).toEqual(
    expect.arrayContaining([{ kind: 'PRODUCTS', key: 'Equities', status: 'PENDING', due: 'a contract' }]),
  )
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Harbour Bank') })
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page.text).toMatch(/Credit: tests.*Equities/s)
  expect(page.text).not.toMatch(/<script|a contract/)
  const chinese = await new Browser(gateway).get('/directory?lang=zh-CN')
  expect(chinese.text).toMatch(/lang="zh-CN".*合作伙伴.*信贷/s)
  expect((await gateway.fetch('/directory?after=nonsense')).status).toBe(400)
  expect((await gateway.fetch('/directory', { method: 'POST' })).status).toBe(405)
  const secret = await asPartner(gateway, insider, directory('capabilities { key }'))
  expect(secret.body).toMatchObject({ errors: [{ message: expect.stringContaining('capabilities') }] })
  const none = await askAsPerson(gateway, { staff: 'sys', roles: ['ingest'] }, { query: directory('code') })
  expect(none.body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
})

it('shows nobody but the staff who is not live or was made up, and who is suspended no more', async () => {
  const { context } = gateway
  const made = await createPartner(context, { code: 'made-up', name: 'Made Up', kind: 'BANK', synthetic: true })
  await activeClient(context, made.id)
  await goLive(context, { partner: made.id })
  const { partner: leaving } = await livePartner(context)
  expect((await seenBy(leaving.code)).customers).toMatchObject({ code: leaving.code })
  await changePartnerStatus(context, { partner: leaving.id, status: 'SUSPENDED', reason: 'an audit' })
  for (const code of [made.code, leaving.code, (await sandboxPartner(context, 'not-yet')).code]) {
    expect(await seenBy(code)).toMatchObject({ customers: undefined, partners: undefined, broker: { code } })
  }
  expect((await new Browser(second).get('/directory')).text).not.toContain('Made Up')
})

it('says what may be asked for as it counts now: capabilities, and agreements that name data', async () => {
  const { context } = gateway
  const { partner: bounded } = await livePartner(context)
  const { code: programme } = await someProgramme(context)
  const from = new Date(Date.now() - 86_400_000).toISOString()
  await createAgreement(context, {
    programme,
    partner: bounded.id,
    from,
    dataScope: [{ purpose: 'EDUCATION', tags: ['age'] }],
  })
  const purposes = async () => (await seenBy(bounded.code)).customers?.['purposes']
  expect(await purposes()).toMatchObject([{ key: 'EDUCATION' }])
  const said = { partner: bounded.id, kind: 'TAGS', key: 'tests', reason: 'an audit' } as const
  await changeCapability(context, { ...said, status: 'RESTRICTED', idempotencyKey: randomUUID() })
  expect(await purposes()).toEqual([])
})

it('takes as many statements for a page of many as for a page of one', async () => {
  const assessed = await passed(gateway.context, (await sandboxPartner(gateway.context)).code)
  const cards = (['2026-09', '2026-10'] as const).map((month, at) => ({
    ...{
      id: newId('scd'),
      partner: assessed.partner,
      month,
      version: 1,
      grade: at === 0 ? 'D' : 'B',
      score: at === 0 ? 30 : 71,
    },
    ...{ measures: [], reason: undefined, ratedAt: new Date(), record: newId('rec') },
  })) satisfies Scorecard[]
  await gateway.context.database.transaction(async (tx) => {
    for (const card of cards) await insertScorecard(tx, card)
  })
  const caller: StaffCaller = { kind: 'staff', name: 'fay', roles: new Set(['finance']), requestId: 'r' }
  const asked = async (first: number) => {
    const { context, statements } = counting(gateway.context)
    const query = directory(INSIDE).replace('100', `${first}`)
    const { data } = await ask({ schema: operationsSchema, context, caller }, query)
    return { statements: statements(), entries: entriesIn(data) }
  }
  const [one, many] = [await asked(1), await asked(100)]
  expect(one.entries).toHaveLength(1)
  expect(many.entries.length).toBeGreaterThan(5)
  expect(many.entries).toContainEqual(expect.objectContaining({ grade: 'B', assessment: { status: assessed.status } }))
  expect(one.statements).toBe(6)
  expect(many.statements).toBe(one.statements)
})
