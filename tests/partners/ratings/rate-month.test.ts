import { beforeAll, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { listAssessments } from '../../../partners/assessments/list-assessments.ts'
import { changeCapability } from '../../../partners/capabilities/change-capability.ts'
import { listCapabilities } from '../../../partners/capabilities/list-capabilities.ts'
import { createPartner } from '../../../partners/create-partner.ts'
import { listRatingsOf, listScorecards } from '../../../partners/ratings/list-scorecards.ts'
import { previewMonth, rateLastMonth, rateMonth } from '../../../partners/ratings/rate-month.ts'
import { DEFAULT_RATING } from '../../../partners/ratings/rating-settings.ts'
import type { Grade } from '../../../partners/ratings/scorecard.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { lastOf } from '../../ledger/settlement/corrections/scene.ts'
import { customersIn, earn, liveMember, programmeWith, refer } from '../../ledger/settlement/scene.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'

const world = useWorld()
let programme: string
beforeAll(async () => {
  programme = await programmeWith(world.context)
})

type Traffic = Partial<Record<'requests' | 'refused' | 'replays' | 'attempts' | 'taken' | 'prompt', number>>
const GOOD: Traffic = { requests: 10_000, refused: 5, replays: 0, attempts: 1000, taken: 1000, prompt: 999 }
const BAD: Traffic = { requests: 10_000, refused: 5000, replays: 900, attempts: 1000, taken: 500, prompt: 100 }

/** What a partner did in a month. */
async function did(partner: string, month: string, traffic: Traffic): Promise<void> {
  const row = { partner_id: partner.slice('ptr_'.length), hour: `${month}-10T10:00:00Z`, ...traffic }
  await world.owner`insert into partner_traffic ${world.owner(row)}`
}

/** A member since long ago. */
async function member(code?: string) {
  const made = await liveMember(world.context, [programme], { ...(code && { code }) })
  await world.owner`update partners set created_at = '2026-01-01T00:00:00Z' where code = ${made.code}`
  return made
}
const rate = (month: string, more: object = {}) => rateMonth(world.context, { month, ...more })
const quotaOf = async (partner: string) =>
  (await listCapabilities(world.context, partner)).find(({ kind, key }) => kind === 'QUOTA' && key === 'lowered')
const scopeOf = async (partner: string, scope: string) =>
  (await listCapabilities(world.context, partner)).find(({ kind, key }) => kind === 'GRAPH' && key === scope)

test('a month is rated once, by whatever process, with what each measure was', async () => {
  // what was rated is listed by code
  const [fine, poor, silent] = [await member('one-fine'), await member('one-poor'), await member('one-silent')]
  const { id: sandboxed } = await createPartner(world.context, { code: 'sandboxed', name: 'S', kind: 'BANK' })
  await did(fine.partner, '2026-02', GOOD)
  await did(poor.partner, '2026-02', BAD)
  await world.owner`update clients set created_at = '2026-01-01T00:00:00Z', keys_since = '2026-01-01T00:00:00Z'`
  world.clock.set('2026-02-28T23:59:59Z')
  await expect(rate('2026-02')).rejects.toMatchObject({ code: 'PERIOD_NOT_OVER' })
  world.clock.set('2026-03-01T00:00:00Z')
  expect((await previewMonth(world.context, { month: '2026-02' })).map(({ grade }) => grade)).toEqual([
    'A',
    'D',
    'NOT_RATED',
  ])
  const runs = await Promise.all([rate('2026-02'), rate('2026-02'), rateLastMonth(world.context, DEFAULT_RATING)])
  expect(runs[0].length + runs[1].length + runs[2]).toBe(3)
  expect(await rate('2026-02')).toEqual([])
  const cards = await listRatingsOf(world.context, '2026-02')
  expect(cards.map(({ partner, grade }) => [partner, grade])).toEqual([
    [fine.partner, 'A'],
    [poor.partner, 'D'],
    [silent.partner, 'NOT_RATED'],
  ])
  expect(await listScorecards(world.context, sandboxed)).toEqual([])
  expect(cards[1]?.measures).toContainEqual({
    measure: 'ERRORS',
    good: 5000,
    all: 10_000,
    ppm: 500_000,
    points: 0,
    weight: 15,
  })
  expect(cards[1]?.measures).toContainEqual({
    measure: 'COMPLAINTS',
    good: 10,
    all: 10,
    ppm: 1_000_000,
    points: 100,
    weight: 10,
  })
  // KEYS is measured, DELETIONS is not
  expect(cards[1]?.measures.find(({ measure }) => measure === 'DELETIONS')).toMatchObject({ all: 0 })
})

// a restriction ends by the database's clock, so these months lie ahead of it
test('a grade drives quota and scopes until the next one, which gives back only what a rating took', async () => {
  const one = await member()
  const act = { partner: one.code, reason: 'an officer says so', idempotencyKey: 'officer' }
  await changeCapability(world.context, { ...act, kind: 'GRAPH', key: 'tags:supply', status: 'RESTRICTED' })
  const month = async (name: string, traffic: Traffic, now: string): Promise<Grade | undefined> => {
    await did(one.partner, name, traffic)
    world.clock.set(now)
    return (await rate(name, { partner: one.code }))[0]?.grade
  }
  expect(await month('2027-03', BAD, '2027-04-01T05:00:00Z')).toBe('D')
  expect(await quotaOf(one.code)).toMatchObject({ status: 'RESTRICTED', permille: 500, reason: 'rated D for 2027-03' })
  expect(await listAssessments(world.context, one.code)).toEqual([])
  // D twice opens a review, once
  expect(await month('2027-04', BAD, '2027-05-01T05:00:00Z')).toBe('D')
  expect(await listAssessments(world.context, one.code)).toMatchObject([
    { status: 'OPEN', assessors: ['system:rating'] },
  ])
  expect(await month('2027-05', BAD, '2027-06-01T05:00:00Z')).toBe('D')
  expect(await listAssessments(world.context, one.code)).toHaveLength(1)
  expect(await scopeOf(one.code, 'tags:supply')).toMatchObject({ reason: 'an officer says so', until: undefined })
  expect(await scopeOf(one.code, 'audiences:count')).toMatchObject({
    status: 'RESTRICTED',
    reason: 'rated D for 2027-05',
  })
  expect(await month('2027-06', GOOD, '2027-07-01T05:00:00Z')).toBe('A')
  expect(await quotaOf(one.code)).toMatchObject({ status: 'ACTIVE' })
  expect(await scopeOf(one.code, 'audiences:count')).toMatchObject({ status: 'ACTIVE' })
  expect(await scopeOf(one.code, 'tags:supply')).toMatchObject({ status: 'RESTRICTED', reason: 'an officer says so' })
})

test('what a person lowered or restricted stays whoever is rated how, and a month that was rated late changes nothing now', async () => {
  const one = await member()
  const person = { partner: one.code, reason: 'rated as a risk by compliance', status: 'RESTRICTED' } as const
  await changeCapability(world.context, {
    ...person,
    kind: 'QUOTA',
    key: 'lowered',
    permille: 100,
    idempotencyKey: 'q',
  })
  const until = '2028-05-05T00:00:00Z'
  await changeCapability(world.context, {
    ...person,
    kind: 'GRAPH',
    key: 'audiences:count',
    until,
    idempotencyKey: 's',
  })
  const stands = async () => [await quotaOf(one.code), await scopeOf(one.code, 'audiences:count')]
  const before = await stands()
  const month = async (name: string, traffic: Traffic, now: string) => {
    await did(one.partner, name, traffic)
    world.clock.set(now)
    return (await rate(name, { partner: one.code }))[0]?.grade
  }
  expect(await month('2028-03', BAD, '2028-04-01T05:00:00Z')).toBe('D')
  expect(await stands()).toEqual(before)
  expect(await scopeOf(one.code, 'tags:supply')).toMatchObject({ reason: 'rated D for 2028-03' })
  expect(await month('2028-02', GOOD, '2028-04-01T05:00:00Z')).toBe('A')
  expect(await scopeOf(one.code, 'tags:supply')).toMatchObject({ reason: 'rated D for 2028-03' })
  expect(await month('2028-04', GOOD, '2028-05-01T05:00:00Z')).toBe('A')
  expect(await stands()).toEqual(before)
  expect(await scopeOf(one.code, 'tags:supply')).toMatchObject({ status: 'ACTIVE' })
  const { code: sandboxed } = await createPartner(world.context, { code: 'not-yet', name: 'S', kind: 'BANK' })
  await expect(rate('2028-04', { partner: sandboxed })).rejects.toMatchObject({ code: 'WRONG_STATE' })
  await expect(rate('0000-01')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

test('complaints count, and a correction is another version with its reason', async () => {
  world.clock.set('2026-09-01T05:00:00Z')
  const one = await member()
  await did(one.partner, '2026-08', GOOD)
  const [first] = await rate('2026-08', { partner: one.code })
  expect(first).toMatchObject({ grade: 'A', version: 1, reason: undefined })
  await world.owner`
    insert into complaints (id, partner_id, category, severity, status, complainant, taken_by, decided_by, received_at, due_at,
      decided_at, version, changed_at, record_id)
    select gen_random_uuid(), ${uuidOf(one.partner)}, 'CONDUCT', 'HIGH', 'UPHELD', 'OTHER', 'staff:a', 'staff:b',
      '2026-08-02', '2026-08-17', '2026-08-20', 1, now(), ${uuidOf(newId('rec'))} from generate_series(1, 5)`
  await expect(rate('2026-08', { reason: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'reason' })
  expect(await rate('2026-08', { partner: one.code })).toEqual([])
  const [second] = await rate('2026-08', { partner: one.code, reason: 'complaints were entered late' })
  expect(second).toMatchObject({ version: 2, reason: 'complaints were entered late' })
  expect(second?.measures.find(({ measure }) => measure === 'COMPLAINTS')).toMatchObject({ good: 5, points: 0 })
  expect(second?.score).toBeLessThan(first?.score ?? 0)
  expect(await listScorecards(world.context, one.code)).toMatchObject([{ month: '2026-08', version: 2 }])
})

test('never what was earned: the same month comes to the same, whatever the grade', async () => {
  const [fine, poor] = [await member(), await member()]
  world.clock.set('2026-02-05T00:00:00Z')
  for (const one of [fine, poor]) {
    const [customer = ''] = await customersIn(world, 1)
    await refer(world.context, one, { customers: [customer], at: '2026-01-05T00:00:00Z' })
    await earn(world.context, customer, [['t', 10_000, '2026-01-20T00:00:00Z']])
  }
  await did(fine.partner, '2026-01', GOOD)
  await did(poor.partner, '2026-01', BAD)
  expect((await rate('2026-01', { partner: poor.code }))[0]?.grade).toBe('D')
  await closePeriod(world.context, { programme, month: '2026-01' })
  const [a, b] = [await lastOf(world, fine), await lastOf(world, poor)]
  expect(b).toMatchObject({ earned: a.earned, payout: a.payout })
  expect(a.earned).toBe(2000n)
})

test('scorecards follow from the log', async () => {
  await sealAll(world.context, world.owner)
  const own = PROJECTORS.filter(({ kinds }) => kinds.includes('scorecard'))
  expect(await verifyProjections(world.context, { projectors: own })).toEqual([])
})
