import { invariant } from '../../../kernel/invariant.ts'

/** The largest whole number whose n-th power is not above `value`. Newton's method from above, on whole numbers alone. */
export function nthRoot(value: bigint, n: bigint): bigint {
  invariant(value >= 0n && n >= 1n, 'a root is of a number from zero on, and its degree is one or more')
  if (value < 2n || n === 1n) return value
  const bits = BigInt(value.toString(2).length)
  let root = 1n << ((bits + n - 1n) / n)
  for (;;) {
    const next = ((n - 1n) * root + value / root ** (n - 1n)) / n
    if (next >= root) return root
    root = next
  }
}
