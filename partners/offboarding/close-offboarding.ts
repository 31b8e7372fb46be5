import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { revokeClientsIn } from '../containment/revoke-clients.ts'
import { movePartner } from '../move-partner.ts'
import { requirePartner } from '../store/partners.ts'
import { lookOver } from './exit-checklist.ts'
import { ACKNOWLEDGEABLE_EXITS, type AcknowledgeableExit, type ExitItem } from './exit-item.ts'
import type { ExitPorts } from './exit-ports.ts'
import { keepOffboarding } from './keep-offboarding.ts'
import type { Offboarding } from './offboarding.ts'
import { requireOffboarding } from './require-offboarding.ts'
import { holdOffboarding } from './store/offboardings.ts'

const closeOffboardingInput = z.strictObject({
  /** By code or id. */
  partner: lineOfText(60),
  /** What may be open all the same. */
  acknowledged: z.array(z.enum(ACKNOWLEDGEABLE_EXITS)).max(ACKNOWLEDGEABLE_EXITS.length).default([]),
  /** Why; the partner reads it. */
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type CloseOffboardingInput = z.input<typeof closeOffboardingInput>

/**
 * Ends the exit of a partner of which nothing is open, for good: what its accounts come to is zero, clients that it had for the
 * exit are revoked, and the partner is `CLOSED`. Throws `NOT_FOUND`, `WRONG_STATE` unless the exit goes on, `NOT_READY` with every
 * code that is open and was not acknowledged, `IDEMPOTENCY_CONFLICT`, `INVALID_INPUT`, and `FORBIDDEN` for whoever planned it and
 * unless a member of the staff acts. Source: ADR 0047.
 */
export async function closeOffboarding(
  context: Context,
  input: CloseOffboardingInput,
  ports: ExitPorts,
): Promise<Offboarding> {
  requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(closeOffboardingInput, input, 'exit')
  await once(context, { scope: `${context.actor}:offboardings.close`, key, request }, async (tx) => {
    await close(context, tx, request, ports)
    return null
  })
  return requireOffboarding(context, request.partner)
}

type Wanted = Omit<z.output<typeof closeOffboardingInput>, 'idempotencyKey'>

async function close(context: Context, tx: Transaction, wanted: Wanted, ports: ExitPorts): Promise<void> {
  const partner = await requirePartner(tx, wanted.partner)
  const offboarding = await holdOffboarding(tx, partner.id)
  refuseUnfit(context, offboarding, partner.code)
  await ports.holdBalances(tx, partner.id)
  const open = (await lookOver(context, tx, { partner, offboarding }, ports)).filter(({ state }) => state === 'OPEN')
  const hindering = open.filter(({ code }) => !wanted.acknowledged.some((one) => one === code))
  if (hindering.length > 0) {
    throw new Fault('NOT_READY', `partner ${partner.code} has open: ${codesAndCounts(hindering)}`)
  }
  const { reason } = wanted
  await revokeClientsIn(context, tx, { partner: partner.id, clients: [], reason })
  await movePartner(context, tx, { partner, to: 'CLOSED', reason })
  const { record: _, changedAt: __, ...held } = offboarding
  const acknowledged = wanted.acknowledged.filter((one) => open.some(({ code }) => code === one))
  await keepOffboarding(context, tx, {
    ...held,
    status: 'CLOSED',
    acknowledged: sorted(acknowledged),
    version: held.version + 1,
  })
}

function refuseUnfit({ actor }: Context, { status, plannedBy }: Offboarding, code: string): void {
  if (status !== 'UNDER_WAY') throw new Fault('WRONG_STATE', `the exit of partner ${code} is ${status}`)
  if (actor === plannedBy) throw new Fault('FORBIDDEN', 'an exit is closed by another person than planned it')
}

function codesAndCounts(items: readonly ExitItem[]): string {
  return items.map(({ code, count }) => `${code} (${count})`).join(', ')
}

function sorted(codes: readonly AcknowledgeableExit[]): readonly AcknowledgeableExit[] {
  return ACKNOWLEDGEABLE_EXITS.filter((code) => codes.includes(code))
}
