import type { Call } from '../../../ledger/distribution/chain.ts'
import type { Row } from '../output.ts'

export type SendOptions = { readonly byHand?: boolean; readonly replace?: boolean }

type Sent = { readonly outcome: string; readonly hash?: string; readonly calls?: readonly Call[] }

/** What was sent, or what is to be sent by hand: one row for each call. */
export function sendRows({ outcome, hash, calls }: Sent): readonly Row[] {
  return calls === undefined ? [{ outcome, transaction: hash }] : calls.map(({ to, data }) => ({ outcome, to, data }))
}
