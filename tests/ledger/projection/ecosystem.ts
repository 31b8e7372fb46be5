import fc from 'fast-check'
import { eraseCustomer } from '../../../customers/erase-customer.ts'
import type { Context } from '../../../database/context.ts'
import { Fault } from '../../../kernel/fault.ts'
import { idOf } from '../../../kernel/ids.ts'
import { addMonths } from '../../../kernel/month.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import type { Contribution } from '../../../ledger/facts/contribution.ts'
import { decideContribution } from '../../../ledger/facts/decide-contribution.ts'
import { eraseFacts } from '../../../ledger/facts/erase-facts.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { requireConfirmation } from '../../../ledger/facts/require-confirmation.ts'
import { surveyContributions } from '../../../ledger/facts/survey-contributions.ts'
import { reverseEntry } from '../../../ledger/journal/reverse-entry.ts'
import { defineReward } from '../../../ledger/points/define-reward.ts'
import { redeemPoints } from '../../../ledger/points/redeem-points.ts'
import { reversePoints } from '../../../ledger/points/reverse-points.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import type { TestWorld } from '../../support/database.ts'
import { POINTS_RULE, REFERRAL_RULE } from '../agreements/factories.ts'
import { customer, subject } from '../facts/factories.ts'
import { post, someEntry } from '../journal/scene.ts'
import { freshCode, liveMember, programmeWith, termsFor } from '../settlement/scene.ts'
import { amend, leave, offer } from './contracts.ts'

const PARTNERS = 3
const CUSTOMERS = 4
const FIRST_MONTH = '2026-01'

const partner = fc.nat({ max: PARTNERS - 1 })
const whose = fc.nat({ max: CUSTOMERS - 1 })
/** Within the first four months. */
const day = fc.nat({ max: 110 })

/** One thing that happens. */
export const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('refer' as const),
      partner,
      whose,
      day,
      by: fc.constantFrom('lead' as const, 'subject' as const),
      worth: fc.boolean(),
      named: fc.boolean(),
      friend: fc.option(whose, { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('contribute' as const),
      kind: fc.constantFrom('COURSE_COMPLETION', 'TRAFFIC', 'DATA', 'SERVICE_OUTCOME'),
      partner,
      whose,
      day,
      by: fc.constantFrom('lead' as const, 'subject' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('require' as const),
      partner,
      kind: fc.constantFrom('REFERRAL', 'TRAFFIC'),
      by: fc.constantFrom('NONE', 'BROKER_FACT', 'PERSON'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      /** Of those that wait. */
      place: fc.nat({ max: 3 }),
      decision: fc.constantFrom('CONFIRMED', 'REJECTED'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('bind' as const), partner, whose, day }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('earn' as const),
      whose,
      day,
      minor: fc.integer({ min: 1, max: 1_000_000 }),
      base: fc.constantFrom('COMMISSION', 'FEE'),
      product: fc.boolean(),
      category: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      of: fc.nat({ max: 20 }),
      whose,
      day,
      minor: fc.nat({ max: 900 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('terms' as const), ratePpm: fc.integer({ min: 0, max: 1_000_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      minor: fc.bigInt(1n, 10n ** 30n),
      reversals: fc.nat({ max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('redeem' as const), whose }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takeBack' as const), place: fc.nat({ max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('amend' as const),
      /** How many of the members sign. */
      signers: fc.nat({ max: PARTNERS }),
      outcome: fc.constantFrom('ACTIVATED', 'WITHDRAWN', 'OPEN'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('offer' as const), outcome: fc.constantFrom('ACTIVATED', 'WITHDRAWN') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), partner, day, again: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suspend' as const), partner }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), whose }) },
)

type Step = typeof step extends fc.Arbitrary<infer Of> ? Of : never

/** Everything once, with what comes late, a lead that is bound before and after, and an erasure in between. */
export const EVENTFUL: readonly Step[] = [
  { do: 'refer', partner: 0, whose: 0, day: 1, by: 'lead', worth: true, named: true, friend: undefined },
  { do: 'refer', partner: 1, whose: 1, day: 2, by: 'subject', worth: false, named: false, friend: 0 },
  { do: 'contribute', kind: 'COURSE_COMPLETION', partner: 0, whose: 0, day: 2, by: 'lead' },
  { do: 'contribute', kind: 'TRAFFIC', partner: 1, whose: 0, day: 2, by: 'lead' },
  { do: 'contribute', kind: 'DATA', partner: 1, whose: 2, day: 2, by: 'subject' },
  { do: 'contribute', kind: 'SERVICE_OUTCOME', partner: 0, whose: 0, day: 2, by: 'subject' },
  { do: 'bind', partner: 0, whose: 0, day: 3 },
  { do: 'refer', partner: 0, whose: 0, day: 4, by: 'lead', worth: false, named: false, friend: 1 },
  { do: 'refer', partner: 2, whose: 2, day: 4, by: 'lead', worth: false, named: false, friend: 1 },
  { do: 'earn', whose: 0, day: 5, minor: 12_345, base: 'COMMISSION', product: true, category: false },
  { do: 'earn', whose: 1, day: 6, minor: 999, base: 'COMMISSION', product: true, category: true },
  { do: 'earn', whose: 1, day: 6, minor: 55, base: 'FEE', product: false, category: false },
  { do: 'refund', of: 5, whose: 0, day: 7, minor: 44 },
  { do: 'terms', ratePpm: 300_000 },
  { do: 'post', minor: 10n ** 30n, reversals: 2 },
  { do: 'close' },
  { do: 'redeem', whose: 0 },
  { do: 'takeBack', place: 0 },
  { do: 'earn', whose: 0, day: 8, minor: 777, base: 'COMMISSION', product: false, category: true },
  { do: 'require', partner: 2, kind: 'REFERRAL', by: 'PERSON' },
  { do: 'refer', partner: 2, whose: 2, day: 4, by: 'lead', worth: false, named: false, friend: 3 },
  { do: 'decide', place: 0, decision: 'CONFIRMED' },
  { do: 'require', partner: 2, kind: 'REFERRAL', by: 'BROKER_FACT' },
  { do: 'refer', partner: 2, whose: 2, day: 5, by: 'subject', worth: false, named: false, friend: undefined },
  { do: 'decide', place: 0, decision: 'REJECTED' },
  { do: 'refer', partner: 2, whose: 1, day: 5, by: 'lead', worth: false, named: false, friend: undefined },
  { do: 'bind', partner: 2, whose: 2, day: 9 },
  { do: 'earn', whose: 2, day: 40, minor: 31_337, base: 'COMMISSION', product: false, category: false },
  { do: 'earn', whose: 0, day: 41, minor: 4_000, base: 'COMMISSION', product: false, category: false },
  { do: 'close' },
  { do: 'erase', whose: 0 },
  { do: 'suspend', partner: 1 },
  { do: 'earn', whose: 2, day: 70, minor: 5_000, base: 'COMMISSION', product: false, category: false },
  { do: 'close' },
  { do: 'offer', outcome: 'WITHDRAWN' },
  { do: 'offer', outcome: 'ACTIVATED' },
  { do: 'amend', signers: 1, outcome: 'WITHDRAWN' },
  { do: 'leave', partner: 2, day: 200, again: true },
  { do: 'amend', signers: 4, outcome: 'ACTIVATED' },
  { do: 'amend', signers: 2, outcome: 'OPEN' },
]

type Member = Awaited<ReturnType<typeof liveMember>> & { readonly agreement: string }
type Person = Awaited<ReturnType<typeof customer>>

export type Ecosystem = {
  readonly programme: string
  readonly members: readonly Member[]
  readonly people: readonly Person[]
  readonly source: string
  /** Subjects by partner and customer. */
  readonly subjects: ReadonlyMap<string, string>
}

/** A programme with members, customers and their pseudonyms, and a product; nothing has happened yet. */
export async function beginEcosystem(world: TestWorld): Promise<Ecosystem> {
  world.clock.set('2026-06-02T00:00:00Z')
  const { context } = world
  const rules = [REFERRAL_RULE, { ...POINTS_RULE, expiresAfterDays: 1 }]
  const terms = { rules, holdback: { ppm: 100_000, periods: 1 }, tax: { vatPpm: 60_000 } }
  const programme = await programmeWith(context, terms)
  await defineReward(context, { code: 'cup', nameEn: 'A cup', nameZh: '杯子', points: 40 })
  const members: Member[] = []
  for (let count = 0; count < PARTNERS; count++) {
    const member = await liveMember(context, [])
    const from = '2026-01-01T00:00:00+08:00'
    const { id } = await createAgreement(context, { programme, partner: member.partner, from })
    members.push({ ...member, agreement: id })
  }
  const people: Person[] = []
  for (let count = 0; count < CUSTOMERS; count++) people.push(await customer(world))
  const subjects = new Map<string, string>()
  for (const [of, { partner }] of members.entries()) {
    for (const [who, person] of people.entries()) subjects.set(`${of}/${who}`, await subject(world, partner, person))
  }
  const source = freshCode('core')
  await world.owner`
    insert into products (id, source, external_id, name, category, risk, asset, attributes, status, fingerprint, updated_at)
    values (gen_random_uuid(), ${source}, 'fund', 'Fund', 'funds', 2, 'CNY/2', '{}', 'ACTIVE', 'f', now())`
  return { programme, members, people, source, subjects }
}

/** Lets it happen, one after the other, through the verbs; what is refused changes nothing. */
export async function liveThrough(world: TestWorld, scene: Ecosystem, steps: readonly Step[]): Promise<void> {
  let closed = 0
  for (const [index, one] of steps.entries()) {
    world.clock.set(new Date(Date.parse('2026-06-02T00:00:00Z') + index * 1003))
    try {
      await happen(world, scene, { one, index, month: addMonths(FIRST_MONTH, closed) })
      if (one.do === 'close') closed += 1
    } catch (error) {
      if (!(error instanceof Fault)) throw error
    }
  }
}

type Happening = { readonly one: Step; readonly index: number; readonly month: string }

async function happen(world: TestWorld, scene: Ecosystem, { one, index, month }: Happening): Promise<void> {
  const { context } = world
  const { programme, source } = scene
  switch (one.do) {
    case 'refer': {
      const member = at(scene.members, one.partner)
      const name = nameOf(scene, one)
      const referrer = one.friend === undefined ? undefined : scene.subjects.get(`${one.partner}/${one.friend}`)
      const more = {
        ...(one.worth ? { asset: 'CNY/2', minor: 1234 } : {}),
        ...(one.named ? { agreement: member.agreement } : {}),
      }
      const item = {
        externalId: `c${index}`,
        kind: 'REFERRAL',
        occurredAt: timeOf(one.day),
        campaign: 'spring',
        referrer,
        ...name,
        ...more,
      }
      await reportContributions(context, { caller: member, items: [item] })
      return
    }
    case 'contribute': {
      const own = {
        COURSE_COMPLETION: { course: 'options-101', units: 12, quantity: 3, asset: 'CNY/2', minor: 19_900 },
        TRAFFIC: { unit: 'CLICK', quantity: 48_217 },
        DATA: {},
        SERVICE_OUTCOME: { asset: 'CNY/2', minor: 5_000, score: 87 },
      }[one.kind]
      const name = one.kind === 'TRAFFIC' && one.by === 'lead' ? {} : nameOf(scene, one)
      const item = { externalId: `c${index}`, kind: one.kind, occurredAt: timeOf(one.day), ...own, ...name }
      await reportContributions(context, { caller: at(scene.members, one.partner), items: [item] })
      return
    }
    case 'require':
      await requireConfirmation(context, {
        partner: at(scene.members, one.partner).code,
        kind: one.kind,
        confirmation: one.by,
      })
      return
    case 'decide': {
      const { edges } = await surveyContributions(context, { undecided: true, page: { first: 10 } })
      const chosen = edges[one.place]?.node
      if (chosen !== undefined) await decide(context, scene, { chosen, decision: one.decision, index })
      return
    }
    case 'bind': {
      const names = { partner: at(scene.members, one.partner).code, lead: `lead-${one.whose}` }
      const who = { customer: at(scene.people, one.whose).accountKey, occurredAt: timeOf(one.day) }
      await recordRevenue(context, {
        source,
        items: [{ type: 'lead_bound', externalId: `b${index}`, ...names, ...who }],
      })
      return
    }
    case 'earn': {
      const about = { ...(one.product ? { product: 'fund' } : {}), ...(one.category ? { category: 'given' } : {}) }
      const amount = { base: one.base, asset: 'CNY/2', minor: one.minor }
      const who = { customer: at(scene.people, one.whose).accountKey, occurredAt: timeOf(one.day) }
      const item = { type: 'revenue', externalId: `e${index}`, ...about, ...amount, ...who }
      await recordRevenue(context, { source, items: [item] })
      return
    }
    case 'refund': {
      const amount = { base: 'COMMISSION', asset: 'CNY/2', minor: -1 - one.minor }
      const who = { customer: at(scene.people, one.whose).accountKey, occurredAt: timeOf(one.day) }
      const item = { type: 'revenue', externalId: `r${index}`, refundOf: `e${one.of}`, market: 'HK', ...amount, ...who }
      await recordRevenue(context, { source, items: [item] })
      return
    }
    case 'close':
      await closePeriod(context, { programme, month })
      return
    case 'terms': {
      const rules = [
        { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: one.ratePpm, window: { months: 2 }, base: 'COMMISSION' },
      ]
      const effectiveFrom = `${addMonths('2026-01', 1 + (index % 3))}-01T00:00:00+08:00`
      await publishTerms(context, { programme, terms: termsFor(programme, { version: 2, effectiveFrom, rules }) })
      return
    }
    case 'post': {
      const legs = [one.minor, -one.minor].map(
        (minor) => ({ account: 'Bank:Main', asset: 'USD/2' as const, minor }) as const,
      )
      const [posted] = await post(context, someEntry({ postings: [...legs] }))
      if (one.reversals === 0 || posted === undefined) return
      const { id } = await reverseEntry(context, { entry: posted.id, reason: 'wrong' })
      if (one.reversals === 2) await reverseEntry(context, { entry: id, reason: 'right after all' })
      return
    }
    case 'redeem': {
      const whose = { accountKey: at(scene.people, one.whose).accountKey }
      await redeemPoints(context, { whose, reward: 'cup', idempotencyKey: `cup-${index}` })
      return
    }
    case 'takeBack': {
      const rows = await world.owner<{ id: string }[]>`
        select l.contribution_id as id from points_lots l order by l.id offset ${one.place} limit 1`
      for (const { id } of rows) await reversePoints(context, { contribution: idOf('ctr', id), reason: 'made up' })
      return
    }
    case 'amend':
      await amend(context, scene, one)
      return
    case 'offer':
      await offer(context, scene, one)
      return
    case 'leave':
      await leave(context, scene, { member: at(scene.members, one.partner), again: one.again, at: timeOf(one.day) })
      return
    case 'suspend':
      await changePartnerStatus(context, {
        partner: at(scene.members, one.partner).partner,
        status: 'SUSPENDED',
        reason: 'r',
      })
      return
    case 'erase':
      await eraseCustomer(context, { accountKey: at(scene.people, one.whose).accountKey, reason: 'asked' }, eraseFacts)
  }
}

type Choice = {
  readonly chosen: Contribution
  readonly decision: 'CONFIRMED' | 'REJECTED'
  readonly index: number
}

/** By whatever it waits for. */
async function decide(context: Context, scene: Ecosystem, { chosen, decision, index }: Choice): Promise<void> {
  const reason = decision === 'REJECTED' ? { reason: 'made up' } : {}
  if (chosen.confirmation === 'PERSON') {
    await decideContribution(context, { contribution: chosen.id, decision, ...reason })
    return
  }
  const type = decision === 'REJECTED' ? 'contribution_rejected' : 'contribution_confirmed'
  const code = scene.members.find(({ partner }) => partner === chosen.partner)?.code
  const about = { partner: code, contributionExternalId: chosen.externalId, occurredAt: timeOf(50) }
  await recordRevenue(context, {
    source: scene.source,
    items: [{ type, externalId: `d${index}`, ...about, ...reason }],
  })
}

type Named = { readonly partner: number; readonly whose: number; readonly by: 'lead' | 'subject' }

function nameOf({ subjects }: Ecosystem, { partner, whose, by }: Named): object {
  return by === 'lead' ? { lead: `lead-${whose}` } : { subject: subjects.get(`${partner}/${whose}`) }
}

function at<T>(list: readonly T[], index: number): T {
  const one = list[index]
  if (one === undefined) throw new Error(`there is none at ${index}`)
  return one
}

function timeOf(day: number): string {
  return new Date(Date.parse('2026-01-02T00:00:00Z') + day * 86_400_000).toISOString()
}
