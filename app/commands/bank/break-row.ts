import { formatDecimal } from '../../../kernel/money.ts'
import { ageInDays, type BankBreak } from '../../../ledger/reconciliation/bank-break.ts'
import type { Outcome } from '../act.ts'
import type { Row } from '../output.ts'

/** One break as it stands, for machines and for people. */
export function toldBreak(one: BankBreak, now: Date): Outcome {
  return { result: one, rows: [breakRow(one, now)] }
}

/** A row of the queue. */
export function breakRow(one: BankBreak, now: Date): Row {
  const { id, kind, asset, minor, owner, status, resolution, proposal, about } = one
  const days = ageInDays(one, now)
  const proposed = proposal && `${proposal.kind} proposed by ${proposal.by}`
  return {
    id,
    kind,
    amount: formatDecimal({ asset, minor }),
    days,
    owner,
    status: resolution ?? proposed ?? status,
    about,
  }
}
