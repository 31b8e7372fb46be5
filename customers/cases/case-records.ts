import { z } from 'zod'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import type { StaffCase, StaffRead } from './staff-case.ts'

const staff = z.templateLiteral(['staff:', z.string()])

/** What a record of the kind 'staff_case' says in the clear; of whom and why is for us alone. */
export const caseData = z.object({
  case: idText('cas'),
  by: staff,
  opened: timeText,
  ends: timeText,
  closed: timeText.optional(),
  change: wholeNumber,
})

/** What a record of the kind 'staff_read' says in the clear. */
export const readData = z.object({ read: idText('srd'), case: idText('cas'), by: staff, tags: z.array(z.string()) })

/** A case as it stands from then on. */
export function caseRecord(told: Omit<StaffCase, 'record'>): NewRecord {
  const { id, customer, openedBy: by, reason, openedAt, endsAt, closedAt, version } = told
  const times = { opened: openedAt.toISOString(), ends: endsAt.toISOString(), closed: closedAt?.toISOString() }
  const personal = { customer, data: { customer, reason } }
  return { kind: 'staff_case', data: { v: '1', case: id, by, ...times, change: BigInt(version) }, personal }
}

/** That somebody looked. */
export function readRecord({ id, case: of, customer, by, tags, record }: Omit<StaffRead, 'at'>): NewRecord {
  const data = { v: '1', read: id, case: of, by, tags: [...tags] }
  return { kind: 'staff_read', data, personal: { customer, data: { customer } }, id: record }
}
