import { uuidOf } from '../../../kernel/ids.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { defineReward } from '../../../ledger/points/define-reward.ts'
import { pointsBalance } from '../../../ledger/points/points-balance.ts'
import type { PointsHistoryMove } from '../../../ledger/points/points-history.ts'
import { redeemPoints } from '../../../ledger/points/redeem-points.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { createWorld, type TestWorld } from '../../support/database.ts'
import { customer, subject } from '../facts/factories.ts'
import { freshCode, liveMember, programmeWith } from '../settlement/scene.ts'
import { LOCKED_AT } from './times.ts'

/** 100 points for a referral, 250 from the third on; 100 points are worth 0.50; they can be used for 30 days. */
export const POINTS_RULE = {
  kind: 'REFERRAL_POINTS',
  pointsPerReferral: 100,
  bonus: [{ fromNth: 3, points: 250 }],
  valuePerHundredPoints: 50,
  expiresAfterDays: 30,
  beneficiary: 'REFERRER',
}

export type Person = Awaited<ReturnType<typeof customer>>
export type PointsScene = {
  readonly programme: string
  readonly member: Awaited<ReturnType<typeof liveMember>>
  /** Says that one customer referred another one, on a day of January 2026. */
  readonly refer: (referrer: Person | undefined, referred: Person, day: number, more?: object) => Promise<string>
}

/** A programme with rules that give points, from January 2026 on, and one member. */
export async function pointsScene(
  world: TestWorld,
  { rules = [POINTS_RULE], ...terms }: { readonly rules?: readonly object[]; readonly [name: string]: unknown } = {},
): Promise<PointsScene> {
  const programme = await programmeWith(world.context, { rules, ...terms })
  const member = await liveMember(world.context, [programme])
  const subjects = new Map<string, string>()
  const subjectOf = async (person: Person): Promise<string> => {
    const known = subjects.get(person.id) ?? (await subject(world, member.partner, person))
    subjects.set(person.id, known)
    return known
  }
  return {
    programme,
    member,
    refer: async (referrer, referred, day, more = {}) => {
      const item = {
        externalId: `ref-${uuidOf(referred.id).slice(-8)}-${day}`,
        kind: 'REFERRAL',
        occurredAt: `2026-01-${String(day).padStart(2, '0')}T04:00:00Z`,
        subject: await subjectOf(referred),
        referrer: referrer && (await subjectOf(referrer)),
        ...more,
      }
      const [result] = await reportContributions(world.context, { caller: member, items: [item] })
      if (result?.outcome !== 'recorded') throw new Error(`the referral was not recorded: ${JSON.stringify(result)}`)
      return result.id
    },
  }
}

/** New customers. */
export async function people(world: TestWorld, count: number): Promise<readonly [Person, ...Person[]]> {
  const first = await customer(world)
  const all: [Person, ...Person[]] = [first]
  while (all.length < count) all.push(await customer(world))
  return all
}

/** The balances of the accounts of points and of their money, as `account asset minor`, ids of accounts left out. */
export async function pointsJournal({ context }: Pick<TestWorld, 'context'>): Promise<readonly string[]> {
  const found = await balances(context)
  return found
    .filter(({ account }) => /Points|CustomerCash/.test(account))
    .map(({ account, asset, minor }) => `${account.replace(/pta_[0-9a-f]{32}/, '…')} ${asset} ${minor}`)
    .toSorted()
}

/** A world of one's own, at a time in which January 2026 can be closed. */
export async function within(work: (world: TestWorld) => Promise<void>): Promise<void> {
  const world = await createWorld()
  try {
    world.clock.set(LOCKED_AT)
    await work(world)
  } finally {
    await world.close()
  }
}

/** Somebody with lots of these points, in this order, and the referrals that earned them; 100 points are worth 0.50. */
export async function holderOf(
  world: TestWorld,
  ...lots: readonly number[]
): Promise<Person & { readonly referrals: readonly string[]; readonly programme: string }> {
  const rules = lots.map((points, place) => {
    return { ...POINTS_RULE, bonus: [], pointsPerReferral: points, filter: { campaign: [`c${place}`] } }
  })
  const { programme, refer } = await pointsScene(world, { rules })
  const [person, ...friends] = await people(world, lots.length + 1)
  const referrals: string[] = []
  for (const [place, friend] of friends.entries()) {
    referrals.push(await refer(person, friend, place + 2, { campaign: `c${place}` }))
  }
  await closePeriod(world.context, { programme, month: '2026-01' })
  return { ...person, referrals, programme }
}

/** A reward that takes so many points; of the house unless it says otherwise. Gives its code. */
export async function rewardFor(
  { context }: Pick<TestWorld, 'context'>,
  points: number,
  more: object = {},
): Promise<string> {
  const code = freshCode('reward')
  await defineReward(context, { code, nameEn: 'A cup', nameZh: '杯子', points, ...more })
  return code
}

/** Somebody's points now. */
export async function pointsOf({ context }: Pick<TestWorld, 'context'>, { accountKey }: Person): Promise<bigint> {
  return (await pointsBalance(context, { accountKey })).points
}

/** Somebody takes a reward, under a key of its own unless given. */
export async function redeem(
  { context }: Pick<TestWorld, 'context'>,
  { accountKey }: Person,
  reward: string,
  idempotencyKey = freshCode('key'),
): Promise<PointsHistoryMove> {
  return redeemPoints(context, { whose: { accountKey }, reward, idempotencyKey })
}
