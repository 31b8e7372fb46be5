import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { believable, parseDecimal } from '../../kernel/money.ts'
import type { StatementDetail } from '../settlement/find-statement.ts'

/** What somebody says is wrong in a statement, as it came. */
export type Asked = {
  readonly rules?: readonly number[] | null | undefined
  readonly lines?: readonly string[] | null | undefined
  readonly amount?: string | null | undefined
}

/** The same, understood: the parts in their order, each once. */
export type Disputed = {
  readonly rules: readonly { readonly ruleNo: number; readonly minor: bigint }[]
  readonly lines: readonly Id<'pol'>[]
  /** Minor units; not below zero. */
  readonly amount: bigint | undefined
}

/** Understands what is disputed. Throws `NOT_FOUND` for a rule or line that cannot be, `INVALID_INPUT` for the amount. */
export function disputedOf({ number, rules: all, asset }: StatementDetail, { rules, lines, amount }: Asked): Disputed {
  const named = new Set(rules ?? [])
  const found = all.filter(({ ruleNo }) => named.has(ruleNo))
  if (found.length < named.size) throw new Fault('NOT_FOUND', `${number} has no such rule`, { field: 'rules' })
  const ids = [...new Set(lines ?? [])].map((line) => {
    if (isId('pol', line)) return line
    throw noLine(number)
  })
  return {
    rules: found.map(({ ruleNo, minor }) => ({ ruleNo, minor })),
    lines: ids.sort(),
    amount: typeof amount === 'string' ? amountOf(parseDecimal(amount, asset)) : undefined,
  }
}

/** What is said of a line that is not there, or that the partner may not see. */
export function noLine(number: string): Fault {
  return new Fault('NOT_FOUND', `${number} has no such line that its partner may see`, { field: 'lines' })
}

function amountOf(minor: bigint): bigint {
  if (minor >= 0n) return believable(minor, 'amount')
  throw new Fault('INVALID_INPUT', 'amount: what is in doubt is not below zero', { field: 'amount' })
}
