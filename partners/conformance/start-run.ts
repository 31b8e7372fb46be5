import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { once } from '../../records/once.ts'
import { requirePartner } from '../store/partners.ts'
import type { ConformanceRun } from './conformance-run.ts'
import { endRun } from './end-run.ts'
import { requireRun } from './find-runs.ts'
import { keepRun } from './keep-run.ts'
import { holdOpenRun, timesOfRun } from './store/runs.ts'

const startRunInput = z.strictObject({ partner: lineOfText(60), idempotencyKey: z.string() })

/** The partner by id or code. */
export type StartRunInput = z.input<typeof startRunInput>

/** How long a run stays open. */
const RUN_SECONDS = 7200

/**
 * Starts a conformance run of a partner in the sandbox: from now on it is watched for two hours. Throws `NOT_FOUND`,
 * `WRONG_STATE` unless it is in the sandbox and no run of it is open, and `IDEMPOTENCY_CONFLICT`. Source: ADR 0044.
 */
export async function startRun(context: Context, input: StartRunInput): Promise<ConformanceRun> {
  const { idempotencyKey: key, ...request } = parseWith(startRunInput, input, 'conformance run')
  const { answer } = await once(context, { scope: `${context.actor}:conformance.start`, key, request }, (tx) =>
    startIn(context, tx, request.partner),
  )
  return requireRun(context, answer)
}

async function startIn(context: Context, tx: Transaction, named: string): Promise<Id<'cfr'>> {
  const { id: partner, code, status } = await requirePartner(tx, named)
  if (status !== 'SANDBOX') {
    throw new Fault('WRONG_STATE', `partner ${code} is ${status}: conformance is shown in the sandbox`)
  }
  const open = await holdOpenRun(tx, partner)
  const { now: startedAt, later: expiresAt } = await timesOfRun(tx, RUN_SECONDS)
  if (open !== undefined) {
    if (open.expiresAt > startedAt) {
      throw new Fault('WRONG_STATE', `run ${open.id} is open until ${open.expiresAt.toISOString()}`)
    }
    await endRun(context, tx, open)
  }
  const { id } = await keepRun(context, tx, {
    ...{ id: newId('cfr'), partner, status: 'OPEN', startedBy: context.actor, startedAt, expiresAt },
    ...{ endedAt: undefined, countsUntil: undefined, checks: [], version: 1 },
  })
  return id
}
