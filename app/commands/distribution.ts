import type { Command } from 'commander'
import { addApprove } from './distribution/approve.ts'
import { addCancel } from './distribution/cancel.ts'
import { addClaimFile } from './distribution/claim-file.ts'
import { addDeploy } from './distribution/deploy.ts'
import { addFund } from './distribution/fund.ts'
import { addPlan } from './distribution/plan.ts'
import { addStatus } from './distribution/status.ts'
import { addSweep } from './distribution/sweep.ts'
import { addSync } from './distribution/sync.ts'

/** `tributary distribution …`: a file for each verb. */
export function addDistribution(program: Command): void {
  const distribution = program.command('distribution').description('payouts that partners claim on a chain')
  for (const add of [addDeploy, addPlan, addApprove, addCancel, addFund, addSync, addStatus, addClaimFile, addSweep]) {
    add(distribution)
  }
}
