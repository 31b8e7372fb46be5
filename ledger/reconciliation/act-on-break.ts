import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import type { BankBreak } from './bank-break.ts'
import type { KnownAccount } from './known-accounts.ts'
import { verifiedAccounts } from './require-own-account.ts'
import { holdOwnAccount } from './store/bank-entries.ts'
import { holdBreak, selectBreak } from './store/breaks.ts'

export type BreakRequest = {
  readonly break: string
  readonly idempotencyKey: string
  /** What is done, and with what: part of what makes two requests the same. */
  readonly verb: string
  readonly request?: CanonicalValue
}

/** An open break that is held, with its account. */
export type HeldBreak = { readonly found: BankBreak; readonly account: KnownAccount }

/**
 * What all that people do to a break has in common: once, while nobody else works on its account, on one that is open.
 * Throws `NOT_FOUND`, `WRONG_STATE` for one that is resolved, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the
 * staff acts.
 */
export async function actOnBreak(
  context: Context,
  { break: named, idempotencyKey: key, verb, request = null }: BreakRequest,
  work: (tx: Transaction, held: HeldBreak) => Promise<void>,
): Promise<BankBreak> {
  requireStaff(context)
  const id = await knownBreak(context, named)
  const scope = `${context.actor}:bank-breaks.${verb}`
  await once(context, { scope, key, request: { break: id, request } }, async (tx): Promise<Id<'brk'>> => {
    await work(tx, await held(context, tx, id))
    return id
  })
  const now = await selectBreak(context.database.reads, id)
  invariant(now, 'a break that was there is there')
  return now
}

async function knownBreak(context: Context, named: string): Promise<Id<'brk'>> {
  if (isId('brk', named) && (await selectBreak(context.database.reads, named)) !== undefined) return named
  throw new Fault('NOT_FOUND', 'there is no such break', { field: 'break' })
}

/** The account's lock comes first, as where entries are matched. */
async function held(context: Context, tx: Transaction, id: Id<'brk'>): Promise<HeldBreak> {
  const seen = await selectBreak(tx, id)
  invariant(seen, 'a break that was there is there')
  const account = (await verifiedAccounts(context)).find((one) => one.id === seen.ownAccount)
  invariant(account, 'a break is of a verified account')
  await holdOwnAccount(tx, account.id)
  const found = await holdBreak(tx, id)
  if (found?.status !== 'OPEN') throw new Fault('WRONG_STATE', `the break ${id} is resolved already`)
  return { found, account }
}
