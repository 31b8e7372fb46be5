import { uuidOf } from '../../../kernel/ids.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import type { TestWorld } from '../../support/database.ts'
import { customer, subject } from '../facts/factories.ts'
import { liveMember, programmeWith } from '../settlement/scene.ts'

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
export async function pointsJournal({ context }: TestWorld): Promise<readonly string[]> {
  const found = await balances(context)
  return found
    .filter(({ account }) => /Points|CustomerCash/.test(account))
    .map(({ account, asset, minor }) => `${account.replace(/pta_[0-9a-f]{32}/, '…')} ${asset} ${minor}`)
    .toSorted()
}
