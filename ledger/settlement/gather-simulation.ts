import { compareKeys } from '../../kernel/compare-keys.ts'
import type { Month } from '../../kernel/month.ts'
import type { EarnedSplit } from './derive-splits.ts'
import { outcomeOf, type Side, type SimulatedPartner, type SimulatedRule, type Simulation } from './simulation.ts'

/** What one partner's rules gave in one month under one of the terms. */
export type SimulatedEarning = {
  readonly side: Side
  readonly month: Month
  readonly partner: string
  readonly splits: readonly EarnedSplit[]
}

/** Adds up earnings of months and partners; holds sums alone. */
export type SimulationGatherer = {
  readonly add: (earning: SimulatedEarning) => void
  readonly sums: () => Pick<Simulation, 'months' | 'partners' | 'total'>
}

type Sums = Record<Side, bigint>
type PartnerSums = Record<Side, Map<string, SimulatedRule>>

/** Gathers what a simulation over some months comes to; a month in which nobody earned is told, too. */
export function gatherSimulation(months: readonly Month[]): SimulationGatherer {
  const byMonth = new Map<Month, Sums>(months.map((month) => [month, { today: 0n, tried: 0n }]))
  const byPartner = new Map<string, PartnerSums>()
  return {
    add: ({ side, month, partner, splits }) => {
      const sums = byMonth.get(month) ?? { today: 0n, tried: 0n }
      byMonth.set(month, sums)
      const rules = byPartner.get(partner) ?? { today: new Map(), tried: new Map() }
      byPartner.set(partner, rules)
      for (const split of splits) {
        sums[side] += split.total
        addRule(rules[side], split)
      }
    },
    sums: () => {
      const total = { today: 0n, tried: 0n }
      for (const { today, tried } of byMonth.values()) {
        total.today += today
        total.tried += tried
      }
      return {
        months: [...byMonth].map(([month, sums]) => ({ month, ...outcomeOf(sums) })),
        partners: partnersOf(byPartner),
        total: outcomeOf(total),
      }
    },
  }
}

function addRule(rules: Map<string, SimulatedRule>, { placed, total, forgone, amounts }: EarnedSplit): void {
  const { terms, place, rule } = placed
  const key = `${terms.version}/${place}`
  const before = rules.get(key)
  rules.set(key, {
    ...{ version: terms.version, place, kind: rule.kind },
    total: (before?.total ?? 0n) + total,
    forgone: (before?.forgone ?? 0n) + forgone,
    lines: (before?.lines ?? 0) + amounts.length,
  })
}

function partnersOf(byPartner: ReadonlyMap<string, PartnerSums>): readonly SimulatedPartner[] {
  return [...byPartner]
    .map(([partner, { today, tried }]) => {
      const rules = { today: inOrder(today), tried: inOrder(tried) }
      return { partner, ...outcomeOf({ today: sumOf(rules.today), tried: sumOf(rules.tried) }), rules }
    })
    .toSorted((a, b) => compareKeys(a.partner, b.partner))
}

function inOrder(rules: ReadonlyMap<string, SimulatedRule>): readonly SimulatedRule[] {
  return [...rules.values()].toSorted((a, b) => a.version - b.version || a.place - b.place)
}

function sumOf(rules: readonly SimulatedRule[]): bigint {
  return rules.reduce((sum, { total }) => sum + total, 0n)
}
