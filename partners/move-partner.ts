import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { appendRecords } from '../records/append-records.ts'
import { requireGates } from './gates.ts'
import type { Partner, PartnerStatus } from './partner.ts'
import { updateStatus } from './store/partners.ts'
import { mayBecome } from './transitions.ts'

/** A partner as the caller saw it, where it shall go, and why. */
export type Move = { readonly partner: Partner; readonly to: PartnerStatus; readonly reason: string }

/**
 * The one way from status to status: transition, gates, conditional update and record, in the caller's transaction.
 * No lock is held while the gates are asked: of two moves from one status the update lets the first through and the
 * other finds no row, also when its own transition would be allowed from where the first led.
 */
export async function movePartner(context: Context, tx: Transaction, { partner, to, reason }: Move): Promise<Partner> {
  const { id, code, status: from } = partner
  if (!mayBecome(from, to)) throw new Fault('WRONG_STATE', `partner ${code} is ${from} and cannot become ${to}`)
  await requireGates(tx, partner, to)
  if (!(await updateStatus(tx, { id, from, to }))) {
    throw new Fault('WRONG_STATE', `partner ${code} is no longer ${from}: another change came first`)
  }
  await appendRecords(context, tx, [
    { kind: 'partner', partner: id, data: { event: 'STATUS_CHANGED', partner: id, code, from, to, reason } },
  ])
  return { ...partner, status: to }
}
