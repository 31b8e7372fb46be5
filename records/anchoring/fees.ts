import type { Fees, Quote } from './chain.ts'

/**
 * What a transaction pays: twice the base fee, so that it holds while blocks are full, but never more than the budget
 * for its whole gas. One that replaces another pays an eighth more for both fees, and no less than 1 wei more: nodes ask
 * for a tenth. When even what is needed now is above the budget, that cost is told instead.
 */
export function feesWithin(
  budgetWei: bigint,
  { gasLimit, baseFee, priorityFee }: Quote,
  replaced?: Pick<Fees, 'maxFee' | 'priorityFee'>,
): Fees | { readonly needsWei: bigint } {
  const tip = replaced === undefined ? priorityFee : larger(priorityFee, aboveByAnEighth(replaced.priorityFee))
  const floor = replaced === undefined ? 0n : aboveByAnEighth(replaced.maxFee)
  const needed = larger(baseFee + tip, floor)
  const wanted = larger(2n * baseFee + tip, floor)
  const affordable = budgetWei / gasLimit
  if (needed > affordable) return { needsWei: needed * gasLimit }
  return { gasLimit, maxFee: smaller(wanted, affordable), priorityFee: tip }
}

function aboveByAnEighth(fee: bigint): bigint {
  return fee + larger((fee + 7n) / 8n, 1n)
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
