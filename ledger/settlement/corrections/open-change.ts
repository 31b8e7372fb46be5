import type { Reader } from '../../../database/client.ts'
import type { Id } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { Month } from '../../../kernel/month.ts'
import { fraction } from '../../splits/explain/words.ts'
import type { ExactText, LineCorrection } from '../../splits/explanation.ts'
import type { NextLine } from '../open-rules.ts'
import { ruleKey } from '../rule-key.ts'
import type { ChangedRule } from './changed-rule.ts'
import { lineKey } from './line-key.ts'
import { readSettledLines, selectSettledLines } from './store/settled-rules.ts'

/** A line that differs: of which rule (`ruleKey`), by how much, and how it is told. */
export type ChangedLine = { readonly rule: string; readonly minor: bigint; readonly line: NextLine }

/** A changed rule whose lines are being compared; of those settled it holds an amount each, and where to find the rest. */
export type OpenChange = {
  readonly change: ChangedRule
  readonly rule: string
  readonly settled: Map<string, Settled>
  /** Amounts of its split that were compared. */
  taken: number
}

type Settled = { minor: bigint; exact: string; gone: boolean; line: Id<'pol'> }

/** Gone lines that are told together. */
const LINES_AT_ONCE = 1000

/** Reads what was settled of a changed rule, line by line. */
export async function openChange(sql: Reader, change: ChangedRule, month: Month): Promise<OpenChange> {
  const { agreement, split } = change
  const { terms, place } = split.placed
  const settled = new Map<string, Settled>()
  for await (const lines of readSettledLines(sql, { agreement, terms: terms.id, place, month })) {
    for (const { id, minor, explanation, customer } of lines) {
      const key = lineKey(explanation, customer)
      const gone = explanation.correction?.why === 'GONE'
      const sum = (settled.get(key)?.minor ?? 0n) + minor
      settled.set(key, { minor: sum, exact: fraction(explanation.exact), gone, line: id })
    }
  }
  return { change, rule: ruleKey(agreement, split.placed, month), settled, taken: 0 }
}

/** Compares the next line of the rule, as it is now, with what was settled; nothing where it is as it was. */
export function takeChange(open: OpenChange, line: NextLine): ChangedLine | undefined {
  const now = open.change.split.amounts[open.taken]
  invariant(now !== undefined, 'a fact gives the same lines whenever it is read')
  open.taken += 1
  const key = lineKey(line.explanation, line.customer)
  const before = open.settled.get(key)
  open.settled.delete(key)
  const settled = before?.minor ?? 0n
  if (now === settled) return undefined
  const why = reasonOf(before, line.explanation.exact)
  const correction = { why, settled: `${settled}`, now: `${now}` }
  return { rule: open.rule, minor: now - settled, line: { ...line, explanation: { ...line.explanation, correction } } }
}

function reasonOf(before: Settled | undefined, exact: ExactText): LineCorrection['why'] {
  if (before === undefined || before.gone) return 'NEW'
  return before.exact === fraction(exact) ? 'APPORTIONED' : 'CHANGED'
}

/** Lines that were settled and are none any more, in batches: taken back as they were told. */
export async function* goneLines(sql: Reader, open: OpenChange): AsyncGenerator<readonly ChangedLine[]> {
  invariant(open.taken === open.change.split.amounts.length, 'every line of a changed rule was compared')
  const left = [...open.settled.values()].filter(({ minor }) => minor !== 0n)
  for (let from = 0; from < left.length; from += LINES_AT_ONCE) {
    const some = left.slice(from, from + LINES_AT_ONCE)
    const told = await selectSettledLines(
      sql,
      some.map(({ line }) => line),
    )
    yield told.map(({ contribution, customer, explanation }, index) => {
      const settled = some[index]?.minor ?? 0n
      const correction = { why: 'GONE', settled: `${settled}`, now: '0' } as const
      return {
        rule: open.rule,
        minor: -settled,
        line: { contribution, customer, explanation: { ...explanation, correction } },
      }
    })
  }
}
