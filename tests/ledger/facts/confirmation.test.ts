import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../database/client.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { type Id, newId, uuidOf } from '../../../kernel/ids.ts'
import type { Confirmation } from '../../../ledger/facts/confirmation.ts'
import type { Contribution, ContributionKind } from '../../../ledger/facts/contribution.ts'
import { type DecideContributionInput, decideContribution } from '../../../ledger/facts/decide-contribution.ts'
import { listContributions } from '../../../ledger/facts/list-contributions.ts'
import { listRequirements } from '../../../ledger/facts/list-requirements.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { requireConfirmation } from '../../../ledger/facts/require-confirmation.ts'
import { surveyContributions } from '../../../ledger/facts/survey-contributions.ts'
import { readBody } from '../../../records/record-body.ts'
import { contextOver, useWorld } from '../../support/database.ts'
import { customer, leadBound, liveCaller, outcomesOf, recordOne, referral, reportOne, subject } from './factories.ts'

const world = useWorld()
let second: Database
let caller: PartnerCaller
let code: string
let known: { readonly id: Id<'cus'>; readonly accountKey: string }
let own: string
let made = 0

beforeAll(() => {
  second = openDatabase(world.address, 'tributary:tests:second', 4)
})
afterAll(() => second.close())
beforeEach(async () => {
  const live = await liveCaller(world.context)
  caller = live.caller
  code = live.code
  known = await customer(world)
  own = await subject(world, caller.partner, known)
})

const need = (confirmation: Confirmation, kind: ContributionKind = 'REFERRAL') =>
  requireConfirmation(world.context, { partner: code, kind, confirmation })
const report = async (item: object): Promise<Id<'ctr'>> => {
  const result = await reportOne(world.context, caller, item)
  if (result.outcome === 'refused') throw new Error(result.message)
  return result.id as Id<'ctr'>
}
const broker = (type: string, of: string, more: object = {}) => ({
  type: `contribution_${type}`,
  externalId: `decision-${++made}`,
  partner: code,
  contributionExternalId: of,
  occurredAt: '2026-01-20T00:00:00Z',
  ...(type === 'rejected' ? { reason: 'no account was opened' } : {}),
  ...more,
})
const say = (...items: readonly object[]) => recordRevenue(world.context, { source: 'core', items })
const decide = (contribution: string, more: Partial<DecideContributionInput> = {}) =>
  decideContribution(world.context, { contribution, decision: 'CONFIRMED', ...more })
const bind = (lead: string) =>
  recordOne(world.context, leadBound(`bound-${++made}`, { partner: code, lead, customer: known.accountKey }))
const shown = async (externalId: string): Promise<Contribution | undefined> => {
  const { edges } = await listContributions(world.context, { caller, page: { first: 100 } })
  return edges.map(({ node }) => node).find((node) => node.externalId === externalId)
}
const statusOf = async (externalId: string) => (await shown(externalId))?.status

describe('a contribution that waits for a fact of the broker', () => {
  beforeEach(() => need('BROKER_FACT'))

  test('counts when that comes, and not before', async () => {
    const id = await report(referral('c', { subject: own }))
    expect(await shown('c')).toMatchObject({ status: 'REPORTED', confirmation: 'BROKER_FACT', decision: undefined })
    const fact = broker('confirmed', 'c')
    expect(await say(fact, fact)).toEqual([
      { outcome: 'recorded', externalId: fact.externalId, id },
      { outcome: 'replayed', externalId: fact.externalId, id },
    ])
    expect(await say(fact)).toMatchObject([{ outcome: 'replayed', id }])
    expect(await shown('c')).toMatchObject({ status: 'CONFIRMED', decision: { decision: 'CONFIRMED' } })
  })

  test('counts nowhere when it is rejected, and its partner reads why', async () => {
    await report(referral('c', { subject: own }))
    expect(outcomesOf(await say(broker('rejected', 'c')))).toEqual(['recorded'])
    expect(await shown('c')).toMatchObject({
      status: 'REJECTED',
      decision: { decision: 'REJECTED', reason: 'no account was opened' },
    })
  })

  test('is decided once: the same again is replayed, anything else refused', async () => {
    await report(referral('c', { subject: own }))
    const first = broker('rejected', 'c')
    expect(
      outcomesOf(
        await say(
          first,
          broker('rejected', 'c'),
          broker('rejected', 'c', { reason: 'another one' }),
          broker('confirmed', 'c'),
          { ...first, type: 'contribution_confirmed', reason: undefined },
        ),
      ),
    ).toEqual(['recorded', 'replayed', 'WRONG_STATE', 'WRONG_STATE', 'IDEMPOTENCY_CONFLICT'])
    expect(outcomesOf(await say(broker('rejected', 'c'), broker('confirmed', 'c')))).toEqual([
      'replayed',
      'WRONG_STATE',
    ])
    expect(await statusOf('c')).toBe('REJECTED')
  })

  test('is not decided by a person', async () => {
    const id = await report(referral('c', { subject: own }))
    await expect(decide(id)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(await statusOf('c')).toBe('REPORTED')
  })

  test('of another partner is none of this one’s', async () => {
    const other = await liveCaller(world.context)
    await reportOne(world.context, other.caller, referral('theirs', { lead: 'l' }))
    expect(await say(broker('confirmed', 'theirs'), broker('confirmed', 'c', { partner: 'nobody' }))).toMatchObject([
      { outcome: 'refused', code: 'NOT_FOUND', field: 'contributionExternalId' },
      { outcome: 'refused', code: 'NOT_FOUND', field: 'partner' },
    ])
  })

  test.each([
    ['without a contribution', { contributionExternalId: undefined }, 'contributionExternalId'],
    ['without a partner', { partner: undefined }, 'partner'],
    ['without a key', { externalId: undefined }, 'externalId'],
    ['in the future', { occurredAt: '2026-03-15T08:05:00.001Z' }, 'occurredAt'],
    ['with what nobody knows', { colour: 'red' }, 'colour'],
    ['with an endless reason', { reason: 'x'.repeat(301) }, 'reason'],
  ])('is not decided by a fact %s', async (_, change, field) => {
    await report(referral('c', { subject: own }))
    expect(await say(broker('confirmed', 'c', change))).toMatchObject([{ code: 'INVALID_INPUT', field }])
    expect(await say(broker('rejected', 'c', { reason: undefined }))).toMatchObject([{ field: 'reason' }])
    expect(await statusOf('c')).toBe('REPORTED')
  })

  test('is decided in a batch that tells of other things, too', async () => {
    await report(referral('c', { lead: 'l' }))
    const names = { partner: code, lead: 'l', customer: known.accountKey }
    expect(outcomesOf(await say(broker('confirmed', 'c'), leadBound(`b-${++made}`, names)))).toEqual([
      'recorded',
      'recorded',
    ])
    expect(await statusOf('c')).toBe('CONFIRMED')
  })
})

describe('a contribution that waits for a person', () => {
  beforeEach(() => need('PERSON'))

  test('counts when somebody confirms it, and that person stands in the record', async () => {
    const id = await report(referral('c', { subject: own }))
    const decided = await decide(id, { reason: 'we met' })
    expect(decided).toMatchObject({ id, status: 'CONFIRMED', decision: { decision: 'CONFIRMED', reason: 'we met' } })
    const [row] = await world.owner<{ body: string; partner_id: string }[]>`
      select body, partner_id from records where id = ${uuidOf(decided.decision?.record ?? newId('rec'))}`
    expect(readBody(row?.body ?? '')).toMatchObject({
      kind: 'contribution_decision',
      actor: world.context.actor,
      data: { contribution: id, decision: 'CONFIRMED', reason: 'we met' },
    })
    expect(row?.partner_id.replaceAll('-', '')).toBe(uuidOf(caller.partner))
  })

  test('counts nowhere when somebody rejects it, for a reason', async () => {
    const id = await report(referral('c', { subject: own }))
    for (const reason of [undefined, null, ' ', 'x'.repeat(301)]) {
      await expect(decide(id, { decision: 'REJECTED', reason })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        field: 'reason',
      })
    }
    expect(await decide(id, { decision: 'REJECTED', reason: 'made up' })).toMatchObject({ status: 'REJECTED' })
    expect(await shown('c')).toMatchObject({ status: 'REJECTED', decision: { reason: 'made up' } })
  })

  test('is decided once: the same again changes nothing, anything else is refused', async () => {
    const id = await report(referral('c', { subject: own }))
    const first = await decide(id, { idempotencyKey: 'k' })
    expect(await decide(id, { idempotencyKey: 'k' })).toEqual(first)
    expect(await decide(id)).toEqual(first)
    await expect(decide(id, { decision: 'REJECTED', reason: 'no' })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(decide(id, { reason: 'now with one' })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    const other = await report(referral('d', { subject: own }))
    await expect(decide(other, { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    expect(await statusOf('d')).toBe('REPORTED')
    const records = await world.owner`
      select from records where kind = 'contribution_decision' and partner_id = ${uuidOf(caller.partner)}`
    expect(records.count).toBe(1)
  })

  test('is not decided by a fact of the broker', async () => {
    await report(referral('c', { subject: own }))
    expect(outcomesOf(await say(broker('confirmed', 'c')))).toEqual(['WRONG_STATE'])
  })

  test('decided so and otherwise on two processes at once is one of both', async () => {
    const id = await report(referral('c', { subject: own }))
    const other = contextOver(second, world.clock)
    const both = await Promise.allSettled([
      decide(id),
      decideContribution(other, { contribution: id, decision: 'REJECTED', reason: 'no' }),
      decide(id),
      decideContribution(other, { contribution: id, decision: 'REJECTED', reason: 'no' }),
    ])
    const done = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.status] : []))
    expect(done).toHaveLength(2)
    expect(new Set(done)).toEqual(new Set([await statusOf('c')]))
  })

  test('that is not there, or is no id, is not found', async () => {
    for (const id of [newId('ctr'), 'ctr_1', '']) {
      await expect(decide(id)).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'contribution' })
    }
  })

  test('stands in the list of what waits until it is decided', async () => {
    const [one, two] = [await report(referral('c', { subject: own })), await report(referral('d', { lead: 'l' }))]
    const waiting = async () => {
      const asked = { partner: code, undecided: true, page: { first: 100 } }
      return (await surveyContributions(world.context, asked)).edges.map(({ node }) => node.id)
    }
    expect(await waiting()).toEqual([two, one])
    // it waits for its lead from then on, and for nobody's word
    await decide(two)
    expect(await waiting()).toEqual([one])
    const unknown = surveyContributions(world.context, { partner: 'nobody', page: { first: 1 } })
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'partner' })
  })
})

describe('of a contribution by a lead', () => {
  test.each([
    ['confirmed, then bound', ['decide', 'bind'], 'REPORTED'],
    ['bound, then confirmed', ['bind', 'decide'], 'REPORTED'],
  ] as const)('%s: both are needed', async (_, steps, between) => {
    await need('PERSON')
    const id = await report(referral('c', { lead: 'l' }))
    const [first, then] = steps.map((step) => () => (step === 'bind' ? bind('l') : decide(id)))
    await first?.()
    expect(await statusOf('c')).toBe(between)
    await then?.()
    expect(await statusOf('c')).toBe('CONFIRMED')
  })

  test('one that was rejected stays so when its lead is bound', async () => {
    await need('PERSON')
    const id = await report(referral('c', { lead: 'l' }))
    await decide(id, { decision: 'REJECTED', reason: 'no' })
    await bind('l')
    expect(await statusOf('c')).toBe('REJECTED')
  })
})

test('traffic of nobody waits, too, and counts when it is confirmed', async () => {
  await need('PERSON', 'TRAFFIC')
  const id = await report({ externalId: 't', kind: 'TRAFFIC', unit: 'CLICK', occurredAt: '2026-01-15T00:00:00Z' })
  expect(await statusOf('t')).toBe('REPORTED')
  await decide(id)
  expect(await statusOf('t')).toBe('CONFIRMED')
})

describe('what a kind waits for', () => {
  test('is nothing unless it is said, and is said of one kind of one partner', async () => {
    const other = await liveCaller(world.context)
    expect(await need('PERSON')).toMatchObject({ kind: 'REFERRAL', confirmation: 'PERSON', version: 1 })
    expect(await listRequirements(world.context, { partner: code })).toEqual([
      { kind: 'REFERRAL', confirmation: 'PERSON' },
      { kind: 'COURSE_COMPLETION', confirmation: 'NONE' },
      { kind: 'TRAFFIC', confirmation: 'NONE' },
      { kind: 'DATA', confirmation: 'NONE' },
      { kind: 'SERVICE_OUTCOME', confirmation: 'NONE' },
    ])
    await report({ ...referral('data', { subject: own }), kind: 'DATA' })
    expect(await statusOf('data')).toBe('CONFIRMED')
    const theirs = await listRequirements(world.context, { partner: other.code })
    expect(theirs.every(({ confirmation }) => confirmation === 'NONE')).toBe(true)
  })

  test('holds for what is reported from then on', async () => {
    await report(referral('before', { lead: 'l' }))
    await need('BROKER_FACT')
    await report(referral('during', { lead: 'l' }))
    await need('NONE')
    await report(referral('after', { lead: 'l' }))
    await bind('l')
    expect(await Promise.all(['before', 'during', 'after'].map(statusOf))).toEqual([
      'CONFIRMED',
      'REPORTED',
      'CONFIRMED',
    ])
    expect(outcomesOf(await say(broker('confirmed', 'during'), broker('confirmed', 'before')))).toEqual([
      'recorded',
      'WRONG_STATE',
    ])
  })

  test('does not make what was reported before other content', async () => {
    const item = referral('again', { lead: 'l' })
    await report(item)
    await need('PERSON')
    expect(await reportOne(world.context, caller, item)).toMatchObject({ outcome: 'replayed' })
  })

  test('said twice is said once, and at once on two processes in turn', async () => {
    expect((await need('PERSON')).version).toBe(1)
    expect((await need('PERSON')).version).toBe(1)
    const other = contextOver(second, world.clock)
    const input = { partner: caller.partner, kind: 'REFERRAL', confirmation: 'BROKER_FACT' } as const
    const said = await Promise.all([requireConfirmation(other, input), requireConfirmation(world.context, input)])
    expect(said.map(({ version }) => version)).toEqual([2, 2])
    const records = await world.owner`
      select from records where kind = 'confirmation_requirement' and partner_id = ${uuidOf(caller.partner)}`
    expect(records.count).toBe(2)
  })

  test.each([
    [{ partner: 'nobody' }, 'NOT_FOUND', 'partner'],
    [{ kind: 'GIFT' }, 'INVALID_INPUT', 'kind'],
    [{ confirmation: 'GOD' }, 'INVALID_INPUT', 'confirmation'],
    [{ colour: 'red' }, 'INVALID_INPUT', 'colour'],
  ])('is refused: %o', async (change, refusal, field) => {
    const input = { partner: code, kind: 'DATA', confirmation: 'PERSON', ...change } as never
    await expect(requireConfirmation(world.context, input)).rejects.toMatchObject({ code: refusal, field })
  })
})

test('nobody lets a contribution count past what it waits for, nor takes a decision back', async () => {
  await need('PERSON')
  const id = await report(referral('c', { subject: own }))
  const set = (status: string) =>
    world.owner`update contributions set status = ${status} where id = ${uuidOf(id)}`.then(() => 'done')
  await expect(set('CONFIRMED')).rejects.toThrow('does not count without one')
  await decide(id)
  for (const status of ['REPORTED', 'REJECTED']) await expect(set(status)).rejects.toThrow('records are never changed')
  await expect(world.owner`update contributions set confirmation = 'NONE'`).rejects.toThrow('records are never changed')
  for (const table of ['contribution_decisions', 'confirmation_requirements']) {
    await expect(world.owner.unsafe(`update ${table} set record_id = record_id`)).rejects.toThrow('never changed')
    await expect(world.owner.unsafe(`delete from ${table}`)).rejects.toThrow('never changed')
    await expect(world.owner.unsafe(`truncate ${table}`)).rejects.toThrow('never changed')
  }
})
