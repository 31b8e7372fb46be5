import type { BankDate } from './files/read-statement.ts'

type Gap = { readonly on: BankDate; readonly minor: bigint }

/**
 * What of gaps is not booked, oldest first. One that went after it was booked, because a file came late, is open the other
 * way round. Pure.
 */
export function openGaps(gaps: readonly Gap[], booked: ReadonlyMap<BankDate, bigint>): readonly Gap[] {
  const all = new Map(gaps.map(({ on, minor }) => [on, minor]))
  for (const [on, minor] of booked) all.set(on, (all.get(on) ?? 0n) - minor)
  return [...all]
    .filter(([, minor]) => minor !== 0n)
    .map(([on, minor]) => ({ on, minor }))
    .sort((one, other) => (one.on < other.on ? -1 : 1))
}
