import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Round, RoundStatus } from './round.ts'
import { type RoundChange, updateRound } from './store/rounds.ts'

/** Moves a round that the transaction holds to another status, with its record; `more` is what else the record says. */
export async function moveRound(
  context: Context,
  tx: Transaction,
  {
    round,
    to,
    more = {},
    change = {},
  }: {
    readonly round: Round
    readonly to: RoundStatus
    readonly more?: { readonly [name: string]: string | bigint }
    readonly change?: Pick<RoundChange, 'approvedBy' | 'seenBlock'>
  },
): Promise<Round> {
  const [record] = await appendRecords(context, tx, [
    { kind: 'payout_round', data: { event: to, round: round.id, from: round.status, ...more } },
  ])
  invariant(record, 'a round moves with its record')
  return updateRound(tx, round.id, { ...change, status: to, record })
}

/** Throws `WRONG_STATE` unless the round is in one of the states. */
export function requireStatus({ id, status }: Round, allowed: readonly RoundStatus[]): void {
  if (!allowed.includes(status)) {
    throw new Fault('WRONG_STATE', `the payout round ${id} is ${status}: this is for ${allowed.join(' or ')}`)
  }
}
