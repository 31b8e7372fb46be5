import type { Context } from '../../../database/context.ts'
import { newId } from '../../../kernel/ids.ts'
import type { ConformanceRun } from '../../../partners/conformance/conformance-run.ts'
import { keepRun } from '../../../partners/conformance/keep-run.ts'
import { findPartner } from '../../../partners/find-partner.ts'

/** A partner's run as if it had been passed just now, for what comes after it. */
export async function conformant(context: Context, code: string): Promise<ConformanceRun> {
  const partner = await findPartner(context, code)
  if (partner === undefined) throw new Error(`there is no partner ${code}`)
  const now = new Date()
  const open = { id: newId('cfr'), partner: partner.id, startedBy: `partner:${partner.id}`, startedAt: now }
  const ended = { status: 'PASSED', expiresAt: now, endedAt: now, checks: [], version: 2 } as const
  const countsUntil = new Date(now.getTime() + 365 * 86_400_000)
  return context.database.transaction((tx) => keepRun(context, tx, { ...open, ...ended, countsUntil }))
}
