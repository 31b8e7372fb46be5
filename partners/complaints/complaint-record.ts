import { z } from 'zod'
import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import {
  COMPLAINANT_KINDS,
  COMPLAINT_CATEGORIES,
  COMPLAINT_SEVERITIES,
  COMPLAINT_STATUSES,
  type Complainant,
  type Complaint,
} from './complaint.ts'

/** A complaint as it stands from then on. It is for us alone: the partner is told without who complained and what was said. */
export function complaintRecord(said: Omit<Complaint, 'record'>): NewRecord {
  const { id, partner, category, severity, status, complainant: by, takenBy, assignedTo, decidedBy, words } = said
  const { receivedAt, dueAt, decidedAt, version } = said
  const data = {
    ...{
      v: '1',
      complaint: id,
      partner,
      category,
      severity,
      status,
      complainant: by.kind,
      takenBy,
      assignedTo,
      decidedBy,
    },
    ...(by.kind === 'PARTNER' && { complainingPartner: by.partner }),
    ...{ receivedAt: receivedAt.toISOString(), dueAt: dueAt.toISOString(), decidedAt: decidedAt?.toISOString() },
    version: BigInt(version),
  }
  const customer = by.kind === 'CUSTOMER' ? by.customer : undefined
  if (customer === undefined || words === undefined) return { kind: 'complaint', data }
  return { kind: 'complaint', data, personal: { customer, data: { customer, ...words } } }
}

/**
 * What the partner is told, where a complaint came in or ended: it may have this record, in which nobody is named, not even who
 * acted. Nothing where it is only worked on.
 */
export function noticeRecords({ id, partner, category, status }: Omit<Complaint, 'record'>): readonly NewRecord[] {
  if (status === 'WORKING') return []
  const data = { v: '1', complaint: id, category, status }
  return [{ kind: 'complaint_notice', partner, data, actor: 'system:complaints' }]
}

const actor = z.templateLiteral([z.enum(['partner', 'customer', 'staff', 'system']), ':', z.string()])

/** What the record of a complaint says in the clear. */
export const complaintData = z.object({
  complaint: idText('cpl'),
  partner: idText('ptr'),
  category: z.enum(COMPLAINT_CATEGORIES),
  severity: z.enum(COMPLAINT_SEVERITIES),
  status: z.enum(COMPLAINT_STATUSES),
  complainant: z.enum(COMPLAINANT_KINDS),
  complainingPartner: idText('ptr').optional(),
  takenBy: actor,
  assignedTo: actor.optional(),
  decidedBy: actor.optional(),
  receivedAt: timeText,
  dueAt: timeText,
  decidedAt: timeText.optional(),
  version: wholeNumber,
})

/** What it says of people. */
export const complaintWords = z.object({
  said: z.string(),
  answer: z.string().optional(),
  remedy: z.string().optional(),
})

type Told = Pick<z.output<typeof complaintData>, 'complainant' | 'complainingPartner'>

/** Who complained, of whom the record is. */
export function complainantIn(
  { complainant: kind, complainingPartner: partner }: Told,
  customer: Id<'cus'> | undefined,
): Complainant {
  if (kind === 'CUSTOMER') return { kind, customer }
  return kind === 'PARTNER' && partner !== undefined ? { kind, partner } : { kind: 'OTHER' }
}
