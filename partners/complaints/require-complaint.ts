import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Complaint } from './complaint.ts'
import { selectComplaint } from './store/complaints.ts'

/** The complaint with this id. Throws `NOT_FOUND`. */
export async function requireComplaint(context: Context, id: string): Promise<Complaint> {
  const found = await selectComplaint(context, context.database.reads, id)
  if (found === undefined) throw noComplaint()
  return found
}

/** One refusal for a complaint that there is not, and for one that is another's. */
export function noComplaint(): Fault {
  return new Fault('NOT_FOUND', 'there is no such complaint here', { field: 'complaint' })
}
