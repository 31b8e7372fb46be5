import type { Context } from '../database/context.ts'
import type { Finding } from '../records/verify/findings.ts'
import type { LogReport } from '../records/verify-records.ts'
import type { OnProgress } from './commands/progress.ts'

/** How a check is run. */
export type CheckRun = {
  readonly onProgress: OnProgress
  readonly signal?: AbortSignal
  readonly kept: readonly string[]
}

/** One of the things that are verified; the check of the log itself reports more. */
export type Check = {
  readonly title: string
  readonly run: (context: Context, run: CheckRun) => Promise<readonly Finding[] | LogReport>
}

/** What `ledger verify` checks in the database, in this order, and what a restored backup must pass. */
export const CHECKS: readonly Check[] = [
  {
    title: 'records',
    run: async (context, run) => (await import('../records/verify-records.ts')).verifyLog(context, run),
  },
  {
    title: 'journal',
    run: async (context, run) => (await import('../ledger/journal/verify-journal.ts')).verifyJournal(context, run),
  },
  {
    title: 'balances',
    run: async (context, run) => (await import('../ledger/journal/verify-balances.ts')).verifyBalances(context, run),
  },
  {
    title: 'statements',
    run: async (context) => (await import('../ledger/reports/verify-statements.ts')).verifyStatements(context),
  },
  {
    title: 'bank accounts',
    run: async (context, run) =>
      (await import('../ledger/bank-accounts/verify-bank-accounts.ts')).verifyBankAccounts(context, run),
  },
  {
    title: 'tags',
    run: async (context, run) => (await import('../customers/sealing/verify-tags.ts')).verifyTags(context, run),
  },
  {
    title: 'disclosures',
    run: async (context, run) =>
      (await import('../customers/verify-disclosure-batches.ts')).verifyDisclosureBatches(context, run),
  },
  {
    title: 'tables',
    run: async (context, { onProgress }) => {
      const { COMPARED_PROJECTORS: projectors } = await import('./projectors.ts')
      const { verifyProjections } = await import('../records/verify-projections.ts')
      return verifyProjections(context, { projectors, onProgress })
    },
  },
]
