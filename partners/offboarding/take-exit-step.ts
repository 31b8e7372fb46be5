import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { revokeClientsIn } from '../containment/revoke-clients.ts'
import { movePartner } from '../move-partner.ts'
import { requirePartner } from '../store/partners.ts'
import type { ExitPorts } from './exit-ports.ts'
import { keepOffboarding } from './keep-offboarding.ts'
import { EXIT_STEPS, type ExitStep, type Offboarding } from './offboarding.ts'
import { holdOffboarding } from './store/offboardings.ts'

/** What was done of a step: to how many now and in all, and whether nothing is left of it. */
type Piece = { readonly now: number; readonly inAll: number; readonly over: boolean }

/**
 * Does the next piece of an exit: its first step that is not done, or a part of it. A step that was broken off is done again,
 * which harms nothing; it counts as done once nothing is left of it. Returns how much was done.
 */
export async function takeExitStep(context: Context, offboarding: Offboarding, ports: ExitPorts): Promise<number> {
  const step = EXIT_STEPS[offboarding.steps.length]
  if (step === undefined) return sweepUp(context, offboarding, ports)
  if (step === 'STATUS_CHANGED') return begin(context, offboarding)
  if (step === 'CLIENTS_REVOKED') return endClients(context, offboarding)
  const { now, inAll: count, over } = await work(context, step, offboarding, ports)
  if (!over) return now
  await context.database.transaction((tx) => keepStep(context, tx, offboarding, { step, count }))
  return Math.max(now, 1)
}

/** The status, the step and the record that tells of it are one: from the next request on the partner reads nothing. */
async function begin(context: Context, { partner: id, reason }: Offboarding): Promise<number> {
  return context.database.transaction(async (tx) => {
    const held = await holdOffboarding(tx, id)
    if (held.status !== 'PLANNED' || held.exitAt > context.clock.now()) return 0
    await movePartner(context, tx, { partner: await requirePartner(tx, id), to: 'OFFBOARDING', reason })
    await keepStep(context, tx, held, { step: 'STATUS_CHANGED', count: 1 })
    return 1
  })
}

async function work(
  context: Context,
  step: Exclude<ExitStep, 'STATUS_CHANGED' | 'CLIENTS_REVOKED'>,
  { partner, exitAt, reason }: Offboarding,
  ports: ExitPorts,
): Promise<Piece> {
  switch (step) {
    case 'CONSENTS_ENDED': {
      const { ended: now, found } = await ports.endConsents(context, { partner, reason })
      if (found > 0) return { now, inAll: now, over: false }
      return { now, inAll: await ports.countEndedConsents(context.database.reads, partner), over: true }
    }
    case 'MEMBERSHIPS_ENDED': {
      const ended = await ports.endMemberships(context, { partner, at: exitAt, reason })
      return { now: ended, inAll: ended, over: true }
    }
  }
}

/** The clients and that they are revoked are one, so that each is counted once. */
async function endClients(context: Context, offboarding: Offboarding): Promise<number> {
  const { partner, reason } = offboarding
  return context.database.transaction(async (tx) => {
    const { ended } = await revokeClientsIn(context, tx, { partner, clients: [], reason })
    await keepStep(context, tx, offboarding, { step: 'CLIENTS_REVOKED', count: ended })
    return Math.max(ended, 1)
  })
}

/** What was being given or joined while the exit began came behind its steps: it ends as well. */
async function sweepUp(context: Context, { partner, exitAt, reason }: Offboarding, ports: ExitPorts): Promise<number> {
  const { ended } = await ports.endConsents(context, { partner, reason })
  return ended + (await ports.endMemberships(context, { partner, at: exitAt, reason }))
}

/** Writes that a step is done, unless somebody else has. */
async function keepStep(
  context: Context,
  tx: Transaction,
  { partner, steps }: Offboarding,
  { step, count }: { readonly step: ExitStep; readonly count: number },
): Promise<void> {
  const { record: _, changedAt: __, ...held } = await holdOffboarding(tx, partner)
  if (held.steps.length !== steps.length) return
  const done = { step, count, at: context.clock.now() }
  await keepOffboarding(context, tx, {
    ...held,
    ...{ status: 'UNDER_WAY', steps: [...held.steps, done], version: held.version + 1 },
  })
}
