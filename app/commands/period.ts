import type { Command } from 'commander'
import { addCalculate } from './period/calculate.ts'
import { addChecklist } from './period/checklist.ts'
import { addClose } from './period/close.ts'
import { addPeriods } from './period/list.ts'
import { addLock } from './period/lock.ts'
import { addReport } from './period/report.ts'
import { addPeriodStatus } from './period/status.ts'

/** `tributary period …`: a file for each verb. */
export function addPeriod(program: Command): void {
  const period = program.command('period').description('periods: calendar months of a programme')
  for (const add of VERBS) add(period)
}

const VERBS = [addPeriodStatus, addCalculate, addChecklist, addLock, addClose, addPeriods, addReport]
