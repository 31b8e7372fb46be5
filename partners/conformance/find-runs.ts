import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { requirePartner } from '../store/partners.ts'
import type { ConformanceRun } from './conformance-run.ts'
import { judgeRun } from './judge-run.ts'
import { selectFacts } from './store/facts.ts'
import { selectRun, selectRuns } from './store/runs.ts'

/**
 * A run by its id, with its checks as they stand: of this partner alone where one is given. Throws `NOT_FOUND`.
 */
export async function requireRun(context: Context, id: string, partner?: Id<'ptr'>): Promise<ConformanceRun> {
  const found = isId('cfr', id) ? await selectRun(context.database.reads, id) : undefined
  if (found !== undefined && (partner ?? found.partner) === found.partner) return asItStands(context, found)
  throw new Fault('NOT_FOUND', 'there is no such conformance run', { field: 'run' })
}

/** A partner's (id or code) runs, the last started first, up to a hundred. Throws `NOT_FOUND`. */
export async function listRuns(context: Context, partner: string): Promise<readonly ConformanceRun[]> {
  const { reads } = context.database
  const runs = await selectRuns(reads, (await requirePartner(reads, partner)).id)
  return Promise.all(runs.map((run) => asItStands(context, run)))
}

async function asItStands({ database }: Context, run: ConformanceRun): Promise<ConformanceRun> {
  return run.status === 'OPEN' ? { ...run, checks: judgeRun(await selectFacts(database.reads, run)) } : run
}
