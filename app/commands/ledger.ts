import type { Command } from 'commander'
import { addAccounts } from './ledger/accounts.ts'
import { addBalances } from './ledger/balances.ts'
import { addBundle } from './ledger/bundle.ts'
import { addChart } from './ledger/chart.ts'
import { addExport } from './ledger/export.ts'
import { addRebuildBalances } from './ledger/rebuild-balances.ts'
import { addReplay } from './ledger/replay.ts'
import { addReverse } from './ledger/reverse.ts'
import { addStatement } from './ledger/statement.ts'
import { addStatus } from './ledger/status.ts'
import { addTrialBalance } from './ledger/trial-balance.ts'
import { addVerify } from './ledger/verify.ts'

/** `tributary ledger …`: a file for each verb. */
export function addLedger(program: Command): void {
  const ledger = program.command('ledger').description('the log and the journal')
  for (const add of VERBS) add(ledger)
}

const VERBS = [
  addVerify,
  addStatus,
  addBalances,
  addTrialBalance,
  addStatement,
  addAccounts,
  addReverse,
  addRebuildBalances,
  addChart,
  addExport,
  addReplay,
  addBundle,
]
