import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { type Purpose, parsePurposes } from './purpose.ts'
import { insertPurposes, selectPurposes, updatePurpose } from './store/purposes.ts'
import { selectDefinitions } from './store/tag-definitions.ts'

/**
 * Defines purposes: new ones are added; of known ones the names follow, and the catalogue of tags may grow. Consents that
 * were given cover what they covered. The same again changes nothing. Throws `INVALID_INPUT` (a tag that is not defined
 * above all), and `MEANING_CHANGED` when a known purpose gets another description or loses a tag. All or nothing.
 */
export async function definePurposes(context: Context, purposes: unknown): Promise<readonly Purpose[]> {
  const parsed = parsePurposes(purposes)
  await context.database.transaction((tx) => keepPurposes(tx, parsed))
  return parsed
}

/** The same for purposes that were parsed, in the caller's transaction. */
export async function keepPurposes(tx: Transaction, purposes: readonly Purpose[]): Promise<void> {
  await refuseUnfit(tx, purposes)
  const inOrder = purposes.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  await insertPurposes(tx, inOrder)
  const kept = new Map((await selectPurposes(tx)).map((purpose) => [purpose.key, purpose]))
  for (const purpose of inOrder) {
    const known = kept.get(purpose.key)
    if (!known || meansLess(known, purpose)) {
      throw new Fault('MEANING_CHANGED', `purpose ${purpose.key} is defined with another description or with more tags`)
    }
    if (isDifferent(known, purpose)) await updatePurpose(tx, purpose)
  }
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
  return known.description !== purpose.description || known.tagKeys.some((tag) => !purpose.tagKeys.includes(tag))
}

function isDifferent(known: Purpose, purpose: Purpose): boolean {
  const { nameEn, nameZh, tagKeys } = purpose
  return known.nameEn !== nameEn || known.nameZh !== nameZh || known.tagKeys.length !== tagKeys.length
}
