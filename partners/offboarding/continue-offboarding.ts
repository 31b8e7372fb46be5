import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../database/context.ts'
import { requirePartner } from '../store/partners.ts'
import type { ExitPorts } from './exit-ports.ts'
import { EXIT_STEPS, type Offboarding } from './offboarding.ts'
import { selectDueOffboardings, selectOffboarding } from './store/offboardings.ts'
import { takeExitStep } from './take-exit-step.ts'

const HELD_MS = 200

/** What is told while an exit goes on. */
export type OnExitProgress = (offboarding: Offboarding, ended: number) => void

/**
 * Does the next piece of each exit whose date has come, whoever planned it and whatever died meanwhile, and says how much it
 * did. Any process may call it at any time. Throws what hindered one of them, after it has gone on with the others.
 */
export async function continueOffboardings(context: Context, ports: ExitPorts): Promise<number> {
  const due = await selectDueOffboardings(context.database.reads, context.clock.now())
  let done = 0
  const hindered: unknown[] = []
  for (const offboarding of due) {
    try {
      done += await takeExitStep(context, offboarding, ports)
    } catch (error) {
      hindered.push(error)
    }
  }
  if (hindered.length > 0) throw hindered[0]
  return done
}

/**
 * Does all that we do of ourselves for the exit of one partner (code or id) whose date has come; nothing before that, nor when it
 * is done. Throws `NOT_FOUND`.
 */
export async function continueOffboarding(
  context: Context,
  { partner: named }: { readonly partner: string },
  ports: ExitPorts,
  onProgress: OnExitProgress = () => {},
): Promise<Offboarding | undefined> {
  const { id } = await requirePartner(context.database.reads, named)
  let ended = 0
  for (;;) {
    const offboarding = await selectOffboarding(context.database.reads, id)
    if (offboarding === undefined || !isDue(context, offboarding)) return offboarding
    onProgress(offboarding, ended)
    const done = await takeExitStep(context, offboarding, ports)
    if (done === 0 && offboarding.steps.length === EXIT_STEPS.length) return offboarding
    // somebody holds what is left: it is free in a moment
    if (done === 0) await sleep(HELD_MS)
    ended += done
  }
}

function isDue({ clock }: Context, { status, exitAt }: Offboarding): boolean {
  return (status === 'PLANNED' || status === 'UNDER_WAY') && exitAt <= clock.now()
}
