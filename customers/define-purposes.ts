import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { Fault } from '../kernel/fault.ts'
import { appendRecords } from '../records/append-records.ts'
import { purposeRecord } from './definition-records.ts'
import { publishNotice } from './publish-notice.ts'
import { type DefinedPurpose, type Purpose, parsePurposes } from './purpose.ts'
import { holdPurposes, insertPurposes, keepPurpose, type PurposeVersion } from './store/purposes.ts'
import { selectDefinitions } from './store/tag-definitions.ts'

/**
 * Defines purposes: new ones are added; of known ones the names follow, and the catalogue of tags may grow. Consents that
 * were given cover what they covered. The same again changes nothing; what changes is a record. Throws `INVALID_INPUT` (a tag that is not defined
 * above all), and `MEANING_CHANGED` when a known purpose gets another description or direction or loses a tag, or a notice that was
 * published another text. All or nothing.
 */
export async function definePurposes(context: Context, purposes: unknown): Promise<readonly DefinedPurpose[]> {
  const parsed = parsePurposes(purposes)
  await context.database.transaction((tx) => keepPurposes(context, tx, parsed))
  return parsed
}

/** The same for purposes that were parsed, in the caller's transaction. */
export async function keepPurposes(
  context: Context,
  tx: Transaction,
  purposes: readonly DefinedPurpose[],
): Promise<void> {
  await refuseUnfit(tx, purposes)
  const inOrder = purposes.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const at = context.clock.now()
  const added = await insertPurposes(tx, inOrder, at)
  const held = await holdPurposes(
    tx,
    inOrder.map(({ key }) => key),
  )
  const kept = new Map(held.map((one) => [one.purpose.key, one]))
  const changed: PurposeVersion[] = []
  for (const purpose of inOrder) {
    const known = kept.get(purpose.key)
    if (!known || meansLess(known.purpose, purpose)) {
      throw new Fault('MEANING_CHANGED', `purpose ${purpose.key} is defined with another description or with more tags`)
    }
    if (added.has(purpose.key)) changed.push(known)
    else if (isDifferent(known.purpose, purpose)) {
      const next = { ...known, purpose, version: known.version + 1 }
      await keepPurpose(tx, next)
      changed.push(next)
    }
  }
  const acting = { ...context, clock: clockAt(at) }
  await appendRecords(acting, tx, changed.map(purposeRecord))
  for (const { key, notice } of inOrder) if (notice) await publishNotice(acting, tx, key, notice)
}

async function refuseUnfit(tx: Transaction, purposes: readonly Purpose[]): Promise<void> {
  const keys = purposes.map(({ key }) => key)
  const double = keys.find((key, index) => keys.indexOf(key) !== index)
  if (double !== undefined) throw new Fault('INVALID_INPUT', `purpose ${double} is defined twice`, { field: 'key' })
  const defined = new Set((await selectDefinitions(tx)).map(({ key }) => key))
  for (const { key, tagKeys } of purposes) {
    const unknown = tagKeys.find((tag) => !defined.has(tag))
    if (unknown === undefined) continue
    throw new Fault('INVALID_INPUT', `purpose ${key} names tag ${unknown}, which is not defined`, { field: 'tagKeys' })
  }
}

function meansLess(known: Purpose, purpose: Purpose): boolean {
  if (known.direction !== purpose.direction) return true
  return known.description !== purpose.description || known.tagKeys.some((tag) => !purpose.tagKeys.includes(tag))
}

function isDifferent(known: Purpose, purpose: Purpose): boolean {
  const { nameEn, nameZh, tagKeys } = purpose
  return known.nameEn !== nameEn || known.nameZh !== nameZh || known.tagKeys.length !== tagKeys.length
}
