import { compareKeys } from './apportion.ts'
import { type Contribution, countsFor, type Member, type World } from './world.ts'

/** Who referred a customer, for all programme: the earliest, ties by key. */
export type Referral = { readonly member: Member; readonly contribution: Contribution }

/** The referral of a customer that holds in the programme. Source: RULES §2. */
export function referralOf(world: World, customer: string): Referral | undefined {
  const [first] = world.contributions
    .filter((one) => one.kind === 'REFERRAL' && one.customer === customer)
    .flatMap((contribution) => {
      const member = world.members.find((one) => countsFor(one, contribution))
      return member === undefined ? [] : [{ member, contribution }]
    })
    .sort(({ contribution: a }, { contribution: b }) => {
      return a.at - b.at || compareKeys([a.code, a.externalId], [b.code, b.externalId])
    })
  return first
}
