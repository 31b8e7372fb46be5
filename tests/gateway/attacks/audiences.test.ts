import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sweepCohorts } from '../../../customers/audiences/sweep-cohorts.ts'
import { eraseCustomer } from '../../../customers/erase-customer.ts'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import type { StaffRole } from '../../../kernel/caller.ts'
import { changeCapability } from '../../../partners/capabilities/change-capability.ts'
import { findPartner } from '../../../partners/find-partner.ts'
import { goLive } from '../../../partners/go-live.ts'
import { customer, defineCatalogue, grant } from '../../customers/factories.ts'
import { useWorld } from '../../support/database.ts'
import { askAsPerson } from '../as-person.ts'
import { accessToken, registerClient } from '../clients.ts'
import type { TestGateway } from '../gateway.ts'
import { asPartner, type Insider, startRealGateway } from './real-gateway.ts'

const world = useWorld()
let gateway: TestGateway
let second: TestGateway

beforeAll(async () => {
  ;[gateway, second] = await Promise.all([startRealGateway(world), startRealGateway(world)])
  await defineCatalogue(gateway.context)
})
afterAll(() => Promise.all([gateway.close(), second.close()]))

type Where = readonly {
  readonly tag: string
  readonly granularity: 'BAND' | 'FLAG'
  readonly values: readonly string[]
}[]
type Told = {
  readonly count: number | null
  readonly suppressed: boolean
  readonly questionsLeft: number
  readonly frozenAt: string
}
type Person = { readonly account: string; readonly consent: string; readonly risk: string; readonly age: string }

const COUNT = `query ($purpose: String!, $where: [AudienceConditionInput!]!) {
  audience(purpose: $purpose, where: $where) { count suppressed questionsLeft frozenAt } }`

async function ask(who: Insider, where: Where, purpose = 'CREDIT', door = gateway): Promise<Told> {
  const { body } = await asPartner(door, who, COUNT, { purpose, where })
  expect(body['errors']).toBeUndefined()
  return (body['data'] as { audience: Told }).audience
}

async function insider(): Promise<Insider & { readonly party: never }> {
  const client = await registerClient(gateway.context, { scopes: ['customers:read', 'audiences:count'] })
  await goLive(gateway.context, { partner: client.partner })
  const partner = await findPartner(gateway.context, client.partner)
  return { client, token: await accessToken(gateway, client), party: { partner } as never }
}

const TAGS = [
  { key: 'risk_level', granularity: 'band' as const },
  { key: 'age', granularity: 'exact' as const },
]

/** So many people of a kind who let the partner know their risk by bands and their age. */
async function people(party: never, count: number, risk: string, age = '44'): Promise<Person[]> {
  const made: Person[] = []
  for (let n = 0; n < count; n++) {
    const account = await customer(world.owner, { risk_level: risk, age })
    const { id } = await grant(gateway.context, party, account, { tags: TAGS })
    made.push({ account, consent: id, risk, age })
  }
  return made
}

const risk = (...values: string[]): Where => [{ tag: 'risk_level', granularity: 'BAND', values }]
const revoke = ({ account, consent }: Person) =>
  revokeConsent(gateway.context, { accountKey: account, consentId: consent, idempotencyKey: 'k' })

describe('a number of customers', () => {
  it('is told of twenty and more, rounded down, and of fewer as of none', async () => {
    const bank = await insider()
    await people(bank.party, 33, 'C1')
    await people(bank.party, 24, 'C5')
    const nobody = await customer(world.owner, { risk_level: 'C1' })
    await grant(gateway.context, bank.party, nobody, { tags: [{ key: 'age', granularity: 'exact' }] })
    expect(await ask(bank, risk('cautious'))).toMatchObject({ count: 30, suppressed: false, questionsLeft: 49 })
    expect(await ask(bank, risk('bold'))).toMatchObject({ count: 20, suppressed: false, questionsLeft: 48 })
    const unknown = await ask(bank, risk('nobody is so'))
    expect(unknown).toMatchObject({ count: null, suppressed: true, questionsLeft: 47 })
    // both together are all but one: the one who gave no risk could be told from the rest
    expect(await ask(bank, risk('bold', 'cautious'))).toEqual({ ...unknown, questionsLeft: 46 })
    // the same again costs nothing, at whichever process
    expect(await ask(bank, risk('cautious'), 'CREDIT', second)).toMatchObject({ count: 30, questionsLeft: 46 })
  })

  it('is the same after somebody joined, until the customers are looked at anew', async () => {
    const bank = await insider()
    await people(bank.party, 40, 'C1')
    expect(await ask(bank, [])).toMatchObject({ count: 40 })
    await people(bank.party, 5, 'C1')
    expect(await ask(bank, risk('cautious'))).toMatchObject({ count: 40 })
    // when their time is over and only a few have come, the difference would be about those
    const end = () =>
      world.owner`update audience_cohorts set ends_at = now() where partner_id = ${bank.client.partner.slice(4)}::uuid`
    await end()
    expect(await ask(bank, [])).toMatchObject({ count: null, suppressed: true, questionsLeft: 49 })
    await people(bank.party, 20, 'C1')
    await end()
    expect(await ask(bank, [])).toMatchObject({ count: 65, questionsLeft: 49 })
  })

  it('leaves out from the next question on whoever revoked, and tells no number that differs by them', async () => {
    const bank = await insider()
    const [first] = await people(bank.party, 40, 'C1')
    await people(bank.party, 30, 'C5')
    expect(await ask(bank, risk('cautious'))).toMatchObject({ count: 40 })
    await revoke(first as Person)
    // 39 now, and the difference would be about one person
    expect(await ask(bank, risk('cautious'))).toMatchObject({ count: null, suppressed: true })
    expect(await ask(bank, risk('bold'))).toMatchObject({ count: 30, suppressed: false })
  })

  it('leaves out who was erased, and forgets who was counted when it is long over', async () => {
    const bank = await insider()
    const [first, ...others] = await people(bank.party, 24, 'C1')
    expect(await ask(bank, [])).toMatchObject({ count: 20 })
    await eraseCustomer(gateway.context, { accountKey: first?.account ?? '', reason: 'asked for' }, async () => {})
    const partner = bank.client.partner.slice(4)
    const members = () => world.owner`
      select from audience_members m join audience_cohorts c on c.id = m.cohort_id where c.partner_id = ${partner}::uuid`
    expect(await members()).toHaveLength(others.length)
    await world.owner`update audience_cohorts set ends_at = now() - interval '60 days' where partner_id = ${partner}::uuid`
    expect(await sweepCohorts(gateway.context)).toBe(1)
    expect(await members()).toHaveLength(0)
    expect(
      await world.owner`select count, members from audience_questions where partner_id = ${partner}::uuid`,
    ).toEqual([{ count: 20, members: null }])
  })
})

describe('whoever wants to know of one person', () => {
  it('cannot by asking one question this week and the other one the next', async () => {
    const bank = await insider()
    await people(bank.party, 39, 'C1', '25')
    await people(bank.party, 1, 'C5', '25')
    await people(bank.party, 30, 'C5', '70')
    const young = [{ tag: 'age', granularity: 'BAND' as const, values: ['under 30'] }]
    expect(await ask(bank, risk('cautious'))).toMatchObject({ count: 35 })
    expect(await ask(bank, young)).toMatchObject({ suppressed: true })
    await world.owner`update audience_cohorts set ends_at = now() where partner_id = ${bank.client.partner.slice(4)}::uuid`
    expect(await ask(bank, young)).toMatchObject({ suppressed: true })
    expect(await ask(bank, risk('cautious'))).toMatchObject({ count: 35 })
  })

  it('leaves a trace each time, also of the same question', async () => {
    const bank = await insider()
    await people(bank.party, 20, 'C1')
    for (let n = 0; n < 3; n++) expect(await ask(bank, [])).toMatchObject({ count: 20, questionsLeft: 49 })
    const rows =
      await world.owner`select from audience_questions where partner_id = ${bank.client.partner.slice(4)}::uuid`
    expect(rows).toHaveLength(3)
  })

  it('may ask before twenty have consented, and is answered when they have', async () => {
    const bank = await insider()
    await people(bank.party, 3, 'C1')
    expect(await ask(bank, [])).toMatchObject({ suppressed: true })
    await people(bank.party, 20, 'C1')
    expect(await ask(bank, [])).toMatchObject({ count: 20 })
  })

  it('cannot by a tag that is withdrawn from the partner, or retired', async () => {
    const bank = await insider()
    await people(bank.party, 25, 'C1')
    expect(await ask(bank, risk('cautious'))).toMatchObject({ count: 25 })
    await changeCapability(
      { ...gateway.context, actor: 'staff:ann' },
      {
        ...{ partner: bank.client.partner, kind: 'TAGS', key: 'tests', status: 'RESTRICTED', reason: 'a breach' },
        idempotencyKey: 'restrict',
      },
    )
    const { body } = await asPartner(gateway, bank, COUNT, { purpose: 'CREDIT', where: risk('cautious') })
    expect(body['errors']).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'where.0' } }])
  })

  it('cannot by any questions about bands and flags, by differences and rests', async () => {
    const bank = await insider()
    const all = [
      ...(await people(bank.party, 21, 'C1', '30')),
      ...(await people(bank.party, 1, 'C5', '30')),
      ...(await people(bank.party, 25, 'C5', '60')),
      ...(await people(bank.party, 3, 'C1', '60')),
    ]
    const bands = { risk: ['cautious', 'bold'], age: await ageBands() }
    const told: Set<Person>[] = []
    for (const risks of subsets(bands.risk)) {
      for (const ages of subsets(bands.age.map(({ label }) => label))) {
        const where = [
          ...(risks.length > 0 ? risk(...risks) : []),
          ...(ages.length > 0 ? [{ tag: 'age', granularity: 'BAND' as const, values: ages }] : []),
        ]
        const { count } = await ask(bank, where)
        const really = new Set(
          all.filter(
            (person) =>
              (risks.length === 0 || risks.includes(person.risk === 'C5' ? 'bold' : 'cautious')) &&
              (ages.length === 0 || ages.includes(bandOf(bands.age, Number(person.age)))),
          ),
        )
        if (count === null) continue
        expect(count).toBe(Math.floor(really.size / 5) * 5)
        told.push(really)
      }
    }
    expect(told.length).toBeGreaterThan(0)
    const few = (set: ReadonlySet<Person>) => set.size > 0 && set.size < 20
    for (const a of told) {
      expect(few(a)).toBe(false)
      expect(few(new Set(all).difference(a))).toBe(false)
      for (const b of told) expect(few(a.difference(b))).toBe(false)
    }
  })

  it('cannot by two questions at the same moment at two processes: one of them is compared with the other', async () => {
    const bank = await insider()
    await people(bank.party, 40, 'C1', '30')
    await people(bank.party, 1, 'C5', '30')
    await people(bank.party, 30, 'C5', '60')
    const [old] = (await ageBands()).slice(-1)
    const pair = [
      risk('bold'),
      [...risk('bold'), { tag: 'age', granularity: 'BAND' as const, values: [old?.label ?? ''] }],
    ]
    const answers = await Promise.all(pair.map((where, n) => ask(bank, where, 'CREDIT', n === 0 ? gateway : second)))
    expect(answers.filter(({ suppressed }) => !suppressed)).toHaveLength(1)
  })

  it('runs out of questions', async () => {
    const bank = await insider()
    await people(bank.party, 20, 'C1')
    for (let n = 0; n < 50; n++) await ask(bank, risk(`none ${n}`))
    const { body } = await asPartner(gateway, bank, COUNT, { purpose: 'CREDIT', where: risk('cautious') })
    expect(body['errors']).toMatchObject([{ extensions: { code: 'THROTTLED' } }])
    expect(await ask(bank, risk('none 7'))).toMatchObject({ suppressed: true, questionsLeft: 0 })
  })

  it.each([
    ['that there is not', { tag: 'salary', granularity: 'BAND', values: ['x'] }],
    ['that the purpose does not have', { tag: 'trips', granularity: 'BAND', values: ['x'] }],
    ['that is not told so coarsely', { tag: 'has_loan', granularity: 'FLAG', values: ['true'] }],
  ] as const)('cannot by a tag %s', async (_, condition) => {
    const bank = await insider()
    const { body } = await asPartner(gateway, bank, COUNT, { purpose: 'CREDIT', where: [condition] })
    expect(body['errors']).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'where.0' } }])
    expect(JSON.stringify(body)).toContain('there is no tag')
  })

  it('needs the scope, and leaves a trace for compliance', async () => {
    const client = await registerClient(gateway.context, { scopes: ['customers:read'] })
    await goLive(gateway.context, { partner: client.partner })
    const reader = { client, token: await accessToken(gateway, client) }
    const { body } = await asPartner(gateway, reader, COUNT, { purpose: 'CREDIT', where: [] })
    expect(body['errors']).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const list =
      '{ audienceQuestions(first: 1) { edges { node { purpose count conditions { tag values } partner { id } } } } }'
    expect(await asStaff(['compliance'], list)).toMatchObject({
      data: { audienceQuestions: { edges: [{ node: { purpose: 'CREDIT' } }] } },
    })
    expect(await asStaff(['finance'], list)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })
})

async function ageBands(): Promise<{ upTo?: string; label: string }[]> {
  const [row] = await world.owner<{ bands: { upTo?: string; label: string }[] }[]>`
    select bands from tag_definitions where key = 'age'`
  return row?.bands ?? []
}

function bandOf(bands: readonly { upTo?: string; label: string }[], age: number): string {
  return bands.find(({ upTo }) => upTo === undefined || age <= Number(upTo))?.label ?? ''
}

function subsets<T>(list: readonly T[]): T[][] {
  const [first, ...rest] = list
  if (first === undefined) return [[]]
  const without = subsets(rest)
  return [...without, ...without.map((set) => [first, ...set])]
}

async function asStaff(roles: readonly StaffRole[], query: string): Promise<unknown> {
  return (await askAsPerson(gateway, { staff: 'ann', roles }, { query })).body
}
