import type { Terms } from '../../../ledger/agreements/terms.ts'
import type { Span } from './calendar.ts'
import { claimsOf, poolsOf } from './claims.ts'
import { type Earning, earningOfLines, earningsOf, lacking } from './earnings.ts'
import { product, rate, sum } from './fraction.ts'
import { type Member, rulesOf, termsAt, type World } from './world.ts'

/** What each member earns: by facts, then by overrides, then up to its guarantee. */
export function earnAll(world: World, month: Span): ReadonlyMap<Member, readonly Earning[]> {
  const terms = termsAt(world, month.from)
  const pools = poolsOf(world, month)
  const byFacts = new Map(
    world.members.map((member) => {
      const claims = member.accrues ? claimsOf(world, member, month, pools) : []
      return [member, earningsOf(claims, world.versions)] as const
    }),
  )
  return new Map(
    world.members.map((member) => {
      const own = [...(byFacts.get(member) ?? []), ...overridesOf(member, byFacts, terms, month)]
      return [member, [...own, ...guaranteeOf(member, own, terms, month)]] as const
    }),
  )
}

/** Whether a member earns by others, and is guaranteed something. */
function runsIn({ from, to, accrues }: Member, month: Span): boolean {
  return accrues && from < month.to && to > month.from
}

function overridesOf(
  parent: Member,
  byFacts: ReadonlyMap<Member, readonly Earning[]>,
  terms: Terms | undefined,
  month: Span,
): readonly Earning[] {
  if (!runsIn(parent, month)) return []
  return rulesOf(terms, 'OVERRIDE')
    .filter(({ rule }) => rule.parentPartner === parent.code)
    .map((placed) => {
      const { childPartners, ratePpm } = placed.rule
      const children = [...byFacts].filter(
        ([{ code }]) => code !== parent.code && (childPartners === undefined || childPartners.includes(code)),
      )
      const lines = children.map(([{ code }, earnings]) => {
        const exact = product(sum(earnings.map((earning) => earning.exact)), rate(ratePpm))
        return { fact: code, exact }
      })
      return earningOfLines(placed, lines)
    })
}

function guaranteeOf(
  member: Member,
  own: readonly Earning[],
  terms: Terms | undefined,
  month: Span,
): readonly Earning[] {
  if (!runsIn(member, month)) return []
  const earned = totalOf(own)
  return rulesOf(terms, 'MINIMUM_GUARANTEE').map((placed) =>
    earningOfLines(placed, [{ fact: 'guarantee', exact: lacking(placed.rule.amountPerPeriod, earned) }]),
  )
}

/** What earnings sum up to. */
export function totalOf(earnings: readonly Pick<Earning, 'total'>[]): bigint {
  return earnings.reduce((all, { total }) => all + total, 0n)
}
