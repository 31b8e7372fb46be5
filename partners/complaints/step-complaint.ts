import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, parseId } from '../../kernel/ids.ts'
import { keysForWriting } from '../../records/customer-keys.ts'
import { once } from '../../records/once.ts'
import type { Complaint, ComplaintStatus } from './complaint.ts'
import { keepComplaint } from './keep-complaint.ts'
import { noComplaint, requireComplaint } from './require-complaint.ts'
import { holdComplaint, selectComplaint } from './store/complaints.ts'

/** What a step makes of a complaint, which is held: the members that change. */
export type Change = Partial<
  Pick<Complaint, 'status' | 'severity' | 'assignedTo' | 'decidedBy' | 'words' | 'decidedAt'>
>

export type Step = {
  readonly name: string
  readonly complaint: string
  /** Who asks, as keys of requests are told apart. */
  readonly by: string
  readonly idempotencyKey: string
  /** All that makes the request, for the same one again. */
  readonly request: CanonicalValue
  /** In which statuses it may be made. */
  readonly from: readonly ComplaintStatus[]
  /** Whose it must be, where a customer asks: for all others it is not there. */
  readonly customer?: Id<'cus'>
  readonly change: (held: Complaint, now: Date) => Change
}

/** What all steps of a complaint have in common: once, under the complaint's lock. */
export async function stepComplaint(context: Context, step: Step): Promise<Complaint> {
  const id = parseId('cpl', step.complaint)
  const asked = { scope: `${step.by}:complaints.${step.name}`, key: step.idempotencyKey, request: step.request }
  await once(context, asked, async (tx) => {
    const { complaint, now } = await hold(context, tx, id)
    const { status, complainant } = complaint
    const others = complainant.kind !== 'CUSTOMER' || complainant.customer !== step.customer
    if (step.customer !== undefined && others) throw noComplaint()
    if (!step.from.includes(status)) throw new Fault('WRONG_STATE', `complaint ${id} is ${status}`)
    const { record: _, ...before } = complaint
    const change = step.change(complaint, now)
    await keepComplaint(context, tx, { ...before, ...change, version: complaint.version + 1, changedAt: now })
    return null
  })
  return requireComplaint(context, id)
}

async function hold(context: Context, tx: Transaction, id: Id<'cpl'>) {
  const found = await selectComplaint(context, tx, id)
  if (found === undefined) throw noComplaint()
  const { complainant, words } = found
  // the customer's key before the row, as an erasure takes them
  if (complainant.kind === 'CUSTOMER' && complainant.customer !== undefined && words !== undefined) {
    await keysForWriting(context, tx, new Set([complainant.customer]))
  }
  const held = await holdComplaint(context, tx, id)
  if (held === undefined) throw noComplaint()
  return held
}
