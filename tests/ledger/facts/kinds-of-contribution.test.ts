import { beforeAll, describe, expect, test } from 'vitest'
import { eraseCustomer } from '../../../customers/erase-customer.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { eraseFacts } from '../../../ledger/facts/erase-facts.ts'
import { parseContribution } from '../../../ledger/facts/parse-contribution.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { openPersonal } from '../../../records/personal-data.ts'
import { readBody } from '../../../records/record-body.ts'
import { useWorld } from '../../support/database.ts'
import { someProgramme } from '../agreements/factories.ts'
import { customer, leadBound, liveCaller, outcomesOf, recordOne, reportOne, subject } from './factories.ts'

const world = useWorld()
let caller: PartnerCaller
let code: string
let known: { readonly id: Id<'cus'>; readonly accountKey: string }
let own: string
let agreement: string

beforeAll(async () => {
  const live = await liveCaller(world.context)
  caller = live.caller
  code = live.code
  known = await customer(world)
  own = await subject(world, caller.partner, known)
  const { code: programme } = await someProgramme(world.context)
  const { id } = await createAgreement(world.context, { programme, partner: code, from: '2026-01-01T00:00:00Z' })
  agreement = id
})

const OCCURRED_AT = '2026-01-15T00:00:00Z'
const of = (kind: string, externalId: string, more: object = {}) => ({
  externalId,
  kind,
  occurredAt: OCCURRED_AT,
  ...(kind === 'TRAFFIC' ? {} : { lead: `lead-of-${externalId}` }),
  ...more,
})
const price = { asset: 'CNY/2', amount: '199.00' }
const course = (externalId: string, more: object = {}) =>
  of('COURSE_COMPLETION', externalId, { course: 'options-101', units: 12, quantity: 3, ...price, ...more })
const service = (externalId: string, more: object = {}) =>
  of('SERVICE_OUTCOME', externalId, { asset: 'CNY/2', minor: 5000, score: 87, ...more })
const traffic = (externalId: string, more: object = {}) =>
  of('TRAFFIC', externalId, { unit: 'CLICK', quantity: 48_217, ...more })
const report = (...items: readonly unknown[]) => reportContributions(world.context, { caller, items })
const stored = async (externalId: string) => {
  const [row] = await world.owner`
    select 'ctr_' || replace(id::text, '-', '') as id, course, units::text, unit, score::text, quantity::text, amount::text, status, customer_id, subject, lead,
      referrer_customer_id, record_id
    from contributions where partner_id = ${uuidOf(caller.partner)} and external_id = ${externalId}`
  return row
}

describe('what a kind has of its own is kept', () => {
  test('a course, how many units it has and how many are done, and its price', async () => {
    expect(outcomesOf(await report(course('course')))).toEqual(['recorded'])
    expect(await stored('course')).toMatchObject({
      course: 'options-101',
      units: '12',
      quantity: '3',
      amount: '19900',
      unit: null,
      score: null,
    })
  })

  test('traffic and its unit, which counts at once when it names nobody', async () => {
    expect(outcomesOf(await report(traffic('clicks'), traffic('a-lead', { lead: 'somebody' })))).toEqual([
      'recorded',
      'recorded',
    ])
    expect(await stored('clicks')).toMatchObject({
      unit: 'CLICK',
      quantity: '48217',
      status: 'CONFIRMED',
      customer_id: null,
    })
    expect(await stored('a-lead')).toMatchObject({ status: 'REPORTED', lead: 'somebody' })
  })

  test('a service, its fee and its score', async () => {
    expect(outcomesOf(await report(service('service')))).toEqual(['recorded'])
    expect(await stored('service')).toMatchObject({ score: '87', amount: '5000' })
  })

  test('whoever referred, under a record of its own that the referrer’s key opens', async () => {
    const friend = await customer(world)
    const referrer = await subject(world, caller.partner, friend)
    const item = of('REFERRAL', 'by-a-friend', { lead: undefined, subject: own, referrer })
    expect(outcomesOf(await report(item, item))).toEqual(['recorded', 'replayed'])
    expect(`${(await stored('by-a-friend'))?.['referrer_customer_id']}`.replaceAll('-', '')).toBe(uuidOf(friend.id))
    const rows = await world.owner<{ body: string }[]>`
      select body from records where body::jsonb ->> 'kind' = 'contribution_referrer'`
    expect(rows).toHaveLength(1)
    expect(rows[0]?.body).not.toContain(referrer)
    const bodies = rows.map(({ body }) => readBody(body))
    expect(await openPersonal(world.context, bodies)).toEqual([{ customer: friend.id, data: { subject: referrer } }])
    const about = await world.owner<{ body: string }[]>`
      select body from records where id = ${`${(await stored('by-a-friend'))?.['record_id']}`}`
    expect(about[0]?.body).not.toContain(referrer)
  })

  test('another referrer, or none, is other content', async () => {
    const referrers = [await customer(world), await customer(world)]
    const [one, other] = await Promise.all(referrers.map((whom) => subject(world, caller.partner, whom)))
    const item = of('REFERRAL', 'referred-once', { referrer: one })
    expect(
      outcomesOf(
        await report(
          item,
          { ...item, referrer: other },
          { ...item, referrer: undefined },
          { ...item, referrer: 'nobody' },
        ),
      ),
    ).toEqual(['recorded', 'IDEMPOTENCY_CONFLICT', 'IDEMPOTENCY_CONFLICT', 'IDEMPOTENCY_CONFLICT'])
  })
})

describe('what does not fit its kind is refused with the field', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['a course without its key', course('bad', { course: undefined }), 'course'],
    ['a course without units', course('bad', { units: null }), 'units'],
    ['a course of no units', course('bad', { units: 0, quantity: 0 }), 'units'],
    ['a course of fewer units than none', course('bad', { units: -1 }), 'units'],
    ['a course without progress', course('bad', { quantity: undefined }), 'quantity'],
    ['more of a course than it has', course('bad', { quantity: 13 }), 'quantity'],
    ['less of a course than nothing', course('bad', { quantity: -1 }), 'quantity'],
    ['a course without a price', course('bad', { asset: undefined, amount: undefined }), 'asset'],
    ['a course of nobody', course('bad', { lead: undefined }), 'subject'],
    ['a course with a score', course('bad', { score: 1 }), 'score'],
    ['a course with a unit', course('bad', { unit: 'CLICK' }), 'unit'],
    ['a course with a referrer', course('bad', { referrer: 'somebody' }), 'referrer'],
    ['traffic without a unit', traffic('bad', { unit: undefined }), 'unit'],
    ['traffic with an empty unit', traffic('bad', { unit: ' ' }), 'unit'],
    ['traffic of a course', traffic('bad', { course: 'c' }), 'course'],
    ['traffic of two names', traffic('bad', { lead: 'l', subject: 's' }), 'subject'],
    ['traffic of fewer than none', traffic('bad', { quantity: -1 }), 'quantity'],
    ['a service without a fee', service('bad', { asset: undefined, minor: undefined }), 'asset'],
    ['a service without an amount', service('bad', { minor: undefined }), 'amount'],
    ['a service without a score', service('bad', { score: undefined }), 'score'],
    ['a service with half a score', service('bad', { score: 0.5 }), 'score'],
    ['a service with a score below none', service('bad', { score: -1 }), 'score'],
    ['a service of units', service('bad', { units: 3 }), 'units'],
    ['a referral with a course', of('REFERRAL', 'bad', { course: 'c' }), 'course'],
    ['a referral with units', of('REFERRAL', 'bad', { units: 3 }), 'units'],
    ['a referral with a unit', of('REFERRAL', 'bad', { unit: 'CLICK' }), 'unit'],
    ['a referral with a score', of('REFERRAL', 'bad', { score: 3 }), 'score'],
    ['data of nobody', of('DATA', 'bad', { lead: undefined }), 'subject'],
    ['data with a referrer', of('DATA', 'bad', { referrer: 'somebody' }), 'referrer'],
  ]
  test.each(cases)('%s', async (_, item, field) => {
    expect(await report(item)).toMatchObject([{ outcome: 'refused', code: 'INVALID_INPUT', field }])
    expect(await stored('bad')).toBeUndefined()
  })

  test('a referrer who is nobody, and another partner’s, look the same; nobody refers oneself', async () => {
    const other = await liveCaller(world.context)
    const theirs = await subject(world, other.caller.partner, known)
    const [unknown, foreign, self] = await report(
      of('REFERRAL', 'bad', { referrer: 'nobody' }),
      of('REFERRAL', 'bad', { referrer: theirs }),
      of('REFERRAL', 'bad', { lead: undefined, subject: own, referrer: own }),
    )
    expect(unknown).toMatchObject({ outcome: 'refused', code: 'NOT_FOUND', field: 'referrer' })
    expect(foreign).toEqual(unknown)
    expect(self).toMatchObject({ outcome: 'refused', code: 'INVALID_INPUT', field: 'referrer' })
    expect(await stored('bad')).toBeUndefined()
  })
})

describe('the price of a course', () => {
  const free = { asset: undefined, amount: undefined }
  const at = (day: number) => ({ occurredAt: `2026-01-${day}T00:00:00Z` })
  const outcomes = async (...items: readonly unknown[]) => outcomesOf(await report(...items))

  test('may be left out once it was told, in this batch or before', async () => {
    const who = { lead: 'pupil-1' }
    expect(
      await outcomes(course('p-1', { ...who, ...at(15) }), course('p-2', { ...who, ...free, ...at(16), quantity: 5 })),
    ).toEqual(['recorded', 'recorded'])
    expect(await outcomes(course('p-3', { ...who, ...free, ...at(17) }))).toEqual(['recorded'])
  })

  test('is told by the first report in time, not the first to come; ties go to the smaller key', async () => {
    const who = { lead: 'pupil-2' }
    expect(
      await outcomes(
        course('t-5', { ...who, ...at(15) }),
        course('t-6', { ...who, ...free, ...at(14) }),
        course('t-4', { ...who, ...free, ...at(15) }),
        course('t-7', { ...who, ...free, ...at(15) }),
      ),
    ).toEqual(['recorded', 'INVALID_INPUT', 'INVALID_INPUT', 'recorded'])
    expect(
      await outcomes(course('t-3', { ...who, ...free, ...at(15) }), course('t-8', { ...who, ...free, ...at(15) })),
    ).toEqual(['INVALID_INPUT', 'recorded'])
  })

  test('is told for each course, and for each customer', async () => {
    await report(course('e-1', { lead: 'pupil-3' }))
    expect(
      await outcomes(
        course('e-2', { lead: 'pupil-4', ...free, ...at(16) }),
        course('e-3', { lead: 'pupil-3', course: 'options-102', ...free, ...at(16) }),
      ),
    ).toEqual(['INVALID_INPUT', 'INVALID_INPUT'])
  })

  test('told under an agreement is told for that one alone', async () => {
    const who = { lead: 'pupil-5' }
    expect(
      await outcomes(
        course('a-1', { ...who, agreement }),
        course('a-2', { ...who, ...free, ...at(16) }),
        course('a-3', { ...who, ...free, ...at(16), agreement }),
      ),
    ).toEqual(['recorded', 'INVALID_INPUT', 'recorded'])
    expect(await outcomes(course('a-4', { ...who, ...free, ...at(16) }))).toEqual(['INVALID_INPUT'])
    expect(await outcomes(course('a-5', { ...who, ...free, ...at(16), agreement }))).toEqual(['recorded'])
  })

  test('told of a lead holds for the customer whom it turned out to be', async () => {
    await report(course('b-1', { lead: 'pupil-6' }))
    const names = { partner: code, lead: 'pupil-6', customer: known.accountKey }
    await recordOne(world.context, leadBound('bound-pupil', names))
    expect(await outcomes(course('b-2', { lead: undefined, subject: own, ...free, ...at(16) }))).toEqual(['recorded'])
  })
})

test('a contribution that has none of the newer fields has the fingerprint that it always had', () => {
  const plain = { externalId: 'r-1', kind: 'REFERRAL', subject: 'sub-1', occurredAt: OCCURRED_AT }
  const full = {
    externalId: 'd-1',
    kind: 'DATA',
    lead: 'lead-1',
    occurredAt: '2026-01-15T08:00:00+08:00',
    quantity: 3,
    asset: 'CNY/2',
    amount: '12.50',
    campaign: 'spring',
    market: 'CN',
    product: { source: 'core', externalId: 'P1' },
  }
  expect([plain, full].map((item) => parseContribution(item).reported.fingerprint)).toEqual([
    '30008c2c25e4cee63f0570f5c2d4f307eb01e44de62a22db42e4aa80fa554840',
    'd670905785c72fb3032097b22a3a390d01bb94839384301752b5b4d153ee545d',
  ])
})

test('erasing who referred leaves the contribution whole, and nobody can read by which name', async () => {
  const friend = await customer(world)
  const referrer = await subject(world, caller.partner, friend)
  const item = of('REFERRAL', 'of-one-who-goes', { lead: undefined, subject: own, referrer })
  await report(item)
  const before = await stored('of-one-who-goes')
  await eraseCustomer(world.context, { accountKey: friend.accountKey, reason: 'asked' }, eraseFacts)
  expect(await stored('of-one-who-goes')).toEqual(before)
  expect(before).toMatchObject({ subject: own })
  const rows = await world.owner<{ body: string }[]>`
    select body from records where kind = 'contribution_referrer' and position(${before?.['id']} in body) > 0`
  expect(rows).toHaveLength(1)
  expect(
    await openPersonal(
      world.context,
      rows.map(({ body }) => readBody(body)),
    ),
  ).toEqual([undefined])
  expect(outcomesOf(await report(item))).toEqual(['IDEMPOTENCY_CONFLICT'])
})

test('who referred is named once', async () => {
  const friend = await customer(world)
  await reportOne(
    world.context,
    caller,
    of('REFERRAL', 'named-once', { referrer: await subject(world, caller.partner, friend) }),
  )
  const rename = world.context.database.transaction(
    (tx) => tx`update contributions set referrer_customer_id = ${uuidOf(known.id)} where external_id = 'named-once'`,
  )
  await expect(rename).rejects.toThrow('records are never changed')
})
