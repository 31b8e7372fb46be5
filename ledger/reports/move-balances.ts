import type { Asset } from '../../kernel/money.ts'
import type { Balance } from '../journal/balance.ts'
import type { AccountPath } from '../journal/entry.ts'
import type { AccountCheck } from './compare-books.ts'
import type { Movement } from './store/movements.ts'

/** An account in a month: positive is debit; opening + debits − credits = closing. Minor units. */
export type MovedAccount = Movement & { readonly opening: bigint; readonly closing: bigint }

/** Accounts that had a balance before, or moved; by account and asset. */
export function moveBalances(opening: readonly Balance[], moved: readonly Movement[]): readonly MovedAccount[] {
  const rows = new Map<string, Movement & { readonly opening: bigint }>()
  for (const { account, asset, minor } of opening)
    rows.set(keyOf({ account, asset }), { account, asset, opening: minor, debits: 0n, credits: 0n })
  for (const movement of moved) {
    const key = keyOf(movement)
    rows.set(key, { ...movement, opening: rows.get(key)?.opening ?? 0n })
  }
  return [...rows]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => ({ ...row, closing: row.opening + row.debits - row.credits }))
}

/** Accounts that did not move to where they stand. There are none, or we are at fault. */
export function checkMovements(
  movements: readonly MovedAccount[],
  closing: readonly Balance[],
): readonly AccountCheck[] {
  const left = new Map(
    closing.map(({ account, asset, minor }) => [keyOf({ account, asset }), { account, asset, minor }]),
  )
  const checks: AccountCheck[] = []
  for (const { account, asset, closing: told } of movements) {
    const key = keyOf({ account, asset })
    const journal = left.get(key)?.minor ?? 0n
    left.delete(key)
    if (told !== journal) checks.push({ section: 'MOVEMENTS', account, asset, told, journal, agrees: false })
  }
  for (const { account, asset, minor: journal } of left.values())
    checks.push({ section: 'MOVEMENTS', account, asset, told: 0n, journal, agrees: false })
  return checks
}

function keyOf({ account, asset }: { readonly account: AccountPath; readonly asset: Asset }): string {
  return `${account} ${asset}`
}
