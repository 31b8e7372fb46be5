import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Asset } from '../../kernel/money.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { accountPath } from '../journal/chart.ts'
import { bankDate } from './files/camt-values.ts'
import type { BankDate } from './files/read-statement.ts'
import { openGaps } from './open-gaps.ts'
import { requireOwnAccount } from './require-own-account.ts'
import { selectGaps } from './store/gaps.ts'
import {
  type OpenEntry,
  type OpenGap,
  type OpenPosting,
  selectBookedGaps,
  selectClosing,
  selectLedger,
  selectOpenEntries,
  selectOpenPostings,
} from './store/tie-out.ts'

const tieOutInput = z.strictObject({
  ownAccount: z.string().max(60),
  /** A calendar date; the last closing balance on or before it is tied out. The last of all when absent. */
  on: z.string().max(10).nullish(),
})

export type TieOutInput = z.input<typeof tieOutInput>

/** How a closing balance of the bank is tied to the ledger. Minor units. */
export type TieOut = {
  readonly ownAccount: string
  readonly asset: Asset
  /** The day of the closing balance. */
  readonly on: BankDate
  readonly bank: bigint
  /** What stands on `Bank:<code>` at the end of that day. */
  readonly ledger: bigint
  /** What the bank moved and the ledger does not have; the first thousand, and the sum of all. */
  readonly atBank: readonly OpenEntry[]
  readonly atBankTotal: bigint
  /** What the ledger moved and the bank did not; the first thousand, and the sum of all. */
  readonly inLedger: readonly OpenPosting[]
  readonly inLedgerTotal: bigint
  /** Gaps between closing balances that are not booked. */
  readonly gaps: readonly OpenGap[]
  readonly gapsTotal: bigint
  /** `bank − (ledger − inLedgerTotal + atBankTotal + gapsTotal)`: zero, or something is wrong in our own books. */
  readonly difference: bigint
}

const MOST_LISTED = 1000

/**
 * Ties a closing balance of a bank to the ledger, to the minor unit, in one snapshot. Throws `NOT_FOUND` for the account,
 * `INVALID_INPUT` for the date, and `NOT_READY` while no closing balance is known. Source: ADR 0024.
 */
export async function tieOut(context: Context, input: TieOutInput): Promise<TieOut> {
  const { ownAccount, on: asked } = parseExactly(tieOutInput, input, 'tie-out')
  const { id: account, asset } = await requireOwnAccount(context, ownAccount)
  const until = asked == null ? undefined : bankDate(asked)
  return context.database.transaction(
    async (tx) => {
      const closing = await selectClosing(tx, account, until)
      if (closing === undefined) throw new Fault('NOT_READY', 'no closing balance of this account is known by then')
      const { on, minor: bank } = closing
      const day = { account, path: accountPath('Bank', ownAccount), asset, on }
      const ledger = await selectLedger(tx, day)
      const { list: atBank, total: atBankTotal } = await selectOpenEntries(tx, day, MOST_LISTED)
      const { list: inLedger, total: inLedgerTotal } = await selectOpenPostings(tx, day, MOST_LISTED)
      const known = (await selectGaps(tx, account)).filter((gap) => gap.on <= on)
      const gaps = openGaps(known, await selectBookedGaps(tx, day))
      const gapsTotal = gaps.reduce((sum, { minor }) => sum + minor, 0n)
      const difference = bank - (ledger - inLedgerTotal + atBankTotal + gapsTotal)
      return {
        ...{ ownAccount, asset, on, bank, ledger, atBank, atBankTotal, inLedger, inLedgerTotal, gaps, gapsTotal },
        difference,
      }
    },
    { isolation: 'repeatable read' },
  )
}
