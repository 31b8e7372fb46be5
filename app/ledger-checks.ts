import { verifyDisclosureBatches } from '../customers/verify-disclosure-batches.ts'
import type { Context } from '../database/context.ts'
import { verifyBalances } from '../ledger/journal/verify-balances.ts'
import { verifyJournal } from '../ledger/journal/verify-journal.ts'
import type { Finding } from '../records/verify/findings.ts'
import { verifyProjections } from '../records/verify-projections.ts'
import { verifyRecords } from '../records/verify-records.ts'
import type { OnProgress, Watch } from './commands/progress.ts'
import { COMPARED_PROJECTORS } from './projectors.ts'

/** One thing that is checked of the ledger, under the title that its progress has. */
export type LedgerCheck = {
  readonly title: string
  readonly run: (context: Context, onProgress: OnProgress) => Promise<readonly Finding[]>
}

/** A check that was made, how long it took, and what it found. */
export type CheckedPart = {
  readonly title: string
  readonly seconds: number
  readonly findings: readonly Finding[]
}

/** Everything that `ledger verify` checks in the database, and a restored backup must pass. `kept` are signed checkpoints. */
export function ledgerChecks(kept: readonly string[]): readonly LedgerCheck[] {
  return [
    { title: 'records', run: (context, onProgress) => verifyRecords(context, { kept, onProgress }) },
    { title: 'journal', run: (context, onProgress) => verifyJournal(context, { onProgress }) },
    { title: 'balances', run: (context, onProgress) => verifyBalances(context, { onProgress }) },
    { title: 'disclosures', run: (context, onProgress) => verifyDisclosureBatches(context, { onProgress }) },
    {
      title: 'tables',
      run: (context, onProgress) => verifyProjections(context, { projectors: COMPARED_PROJECTORS, onProgress }),
    },
  ]
}

/** Makes checks one after the other. */
export async function runChecks(
  context: Context,
  checks: readonly LedgerCheck[],
  watch: Watch,
): Promise<readonly CheckedPart[]> {
  const parts: CheckedPart[] = []
  for (const { title, run } of checks) {
    const begun = performance.now()
    const findings = await watch(title, (onProgress) => run(context, onProgress))
    parts.push({ title, seconds: (performance.now() - begun) / 1000, findings })
  }
  return parts
}
