import { z } from 'zod'
import { invariant } from '../kernel/invariant.ts'
import type { NewRecord } from '../records/append-records.ts'
import { parseRecordData, timeText, wholeNumber } from '../records/parse-record-data.ts'
import type { RecordBody } from '../records/record-body.ts'
import type { Notice } from './notice.ts'
import { parsePurposes } from './purpose.ts'
import type { KeptNotice } from './store/notices.ts'
import type { PurposeVersion } from './store/purposes.ts'
import type { DefinitionVersion } from './store/tag-definitions.ts'
import { parseTagDefinitions } from './tag-definition.ts'

/** What a new or changed definition of a tag is in the log: all of it, since consents are given by it. */
export function definitionRecord({ definition, version, createdAt }: DefinitionVersion): NewRecord {
  const { key, labelEn, labelZh, category, type, values, unit, sensitivity, legalBasis } = definition
  const { granularities, bands, flag, suppliers } = definition
  const meaning = { key, type, values, unit, sensitivity, granularities, bands, flag }
  const shown = { labelEn, labelZh, category, legalBasis, suppliers }
  return { kind: 'tag_definition', data: versioned({ ...meaning, ...shown }, { version, createdAt }) }
}

/** The same for a purpose. */
export function purposeRecord({ purpose, version, createdAt }: PurposeVersion): NewRecord {
  const { key, nameEn, nameZh, description, tagKeys } = purpose
  // what reads is said by saying nothing, as before there was anything else
  const direction = purpose.direction === 'READ' ? undefined : purpose.direction
  const defined = { key, nameEn, nameZh, description, tagKeys, direction }
  return { kind: 'purpose', data: versioned(defined, { version, createdAt }) }
}

/** A version of a purpose's notice, all of its texts. */
export function noticeRecord(purpose: string, { version, texts, earlierUntil }: Notice): NewRecord {
  const data = { purpose, version: BigInt(version), texts, earlierUntil: earlierUntil?.toISOString() }
  return { kind: 'notice', data }
}

function versioned(
  defined: NewRecord['data'],
  { version, createdAt }: Pick<DefinitionVersion, 'version' | 'createdAt'>,
): NewRecord['data'] {
  return { defined, version: BigInt(version), createdAt: createdAt.toISOString() }
}

const version = z.object({
  defined: z.unknown(),
  version: wholeNumber,
  createdAt: timeText,
})

/** Reads {@link definitionRecord} back. */
export function definitionOf(body: RecordBody): DefinitionVersion {
  const { defined, ...rest } = parseRecordData(version, body)
  const [definition] = parseTagDefinitions([defined])
  invariant(definition, 'one definition was read')
  return { definition, ...rest }
}

/** Reads {@link purposeRecord} back. */
export function purposeOf(body: RecordBody): PurposeVersion {
  const { defined, ...rest } = parseRecordData(version, body)
  const [purpose] = parsePurposes([defined])
  invariant(purpose, 'one purpose was read')
  return { purpose, ...rest }
}

const noticeData = z.object({
  purpose: z.string(),
  version: wholeNumber,
  texts: z.record(z.string(), z.string()),
  earlierUntil: timeText.optional(),
})

/** Reads {@link noticeRecord} back. */
export function noticeOf(body: RecordBody): KeptNotice {
  const { earlierUntil, ...notice } = parseRecordData(noticeData, body)
  return { ...notice, earlierUntil, publishedAt: new Date(body.at), record: body.id }
}
