import { z } from 'zod'
import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, parseRecordData, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import type { OpenPersonal } from '../../records/personal-data.ts'
import type { RecordBody } from '../../records/record-body.ts'
import type { TagPlace } from '../sealing/tag-keys.ts'

/** A value that a partner supplied. */
export type Supplied = TagPlace & {
  readonly supplier: Id<'ptr'>
  readonly value: string
  readonly observedAt: Date
  readonly quality: number
  readonly record: Id<'rec'>
}

const suppliedData = z.object({ partner: idText('ptr') })

const personalData = z.object({
  key: z.string(),
  value: z.string(),
  observedAt: timeText,
  quality: wholeNumber,
})

/** What the log has of it: that a partner supplied something; whose, which tag and what only while the customer's key exists. */
export function suppliedRecord({ customer, supplier, key, value, observedAt, quality, record }: Supplied): NewRecord {
  const personal = { customer, data: { key, value, observedAt: observedAt.toISOString(), quality: BigInt(quality) } }
  return { id: record, kind: 'supplied_tag', data: { v: '1', partner: supplier }, personal, partner: supplier }
}

/** Reads {@link suppliedRecord} back. */
export function suppliedOf(body: RecordBody, { customer, data }: OpenPersonal): Supplied {
  const { partner: supplier } = parseRecordData(suppliedData, body)
  return { ...personalData.parse(data), customer, supplier, record: body.id }
}
