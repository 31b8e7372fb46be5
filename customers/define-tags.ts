import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { fingerprintOf } from '../kernel/digest.ts'
import { Fault } from '../kernel/fault.ts'
import { appendRecords } from '../records/append-records.ts'
import { definitionRecord } from './definition-records.ts'
import { type DefinitionVersion, holdDefinitions, insertDefinitions, keepDefinition } from './store/tag-definitions.ts'
import { parseTagDefinitions, type TagDefinition } from './tag-definition.ts'

/**
 * Defines tags: new ones are added, and of known ones the labels, legal basis and suppliers follow what is given. The same again changes
 * nothing; what changes is a record. Throws `INVALID_INPUT`, and `MEANING_CHANGED` when a known tag is given another meaning
 * (category, type, unit, values, sensitivity, granularities, bands or flag): consents were given for the one it has. All or
 * nothing.
 */
export async function defineTags(context: Context, definitions: unknown): Promise<readonly TagDefinition[]> {
  const parsed = parseTagDefinitions(definitions)
  await context.database.transaction((tx) => keepDefinitions(context, tx, parsed))
  return parsed
}

/** The same for definitions that were parsed, in the caller's transaction. */
export async function keepDefinitions(
  context: Context,
  tx: Transaction,
  definitions: readonly TagDefinition[],
): Promise<void> {
  refuseDoubles(definitions)
  const inOrder = definitions.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const at = context.clock.now()
  const added = await insertDefinitions(tx, inOrder, at)
  const held = await holdDefinitions(
    tx,
    inOrder.map(({ key }) => key),
  )
  const kept = new Map(held.map((one) => [one.definition.key, one]))
  const changed: DefinitionVersion[] = []
  for (const definition of inOrder) {
    const known = kept.get(definition.key)
    if (!known || meaningOf(known.definition) !== meaningOf(definition)) {
      throw new Fault(
        'MEANING_CHANGED',
        `tag ${definition.key} is defined with another meaning: give this one another key`,
      )
    }
    if (added.has(definition.key)) changed.push(known)
    else if (presentationOf(known.definition) !== presentationOf(definition)) {
      const next = { ...known, definition, version: known.version + 1 }
      await keepDefinition(tx, next)
      changed.push(next)
    }
  }
  await appendRecords({ ...context, clock: clockAt(at) }, tx, changed.map(definitionRecord))
}

function refuseDoubles(definitions: readonly TagDefinition[]): void {
  const keys = definitions.map(({ key }) => key)
  const double = keys.find((key, index) => keys.indexOf(key) !== index)
  if (double !== undefined) throw new Fault('INVALID_INPUT', `tag ${double} is defined twice`, { field: 'key' })
}

/** All of a definition that decides what a consent to the tag discloses. */
function meaningOf({ category, type, unit, values, sensitivity, granularities, bands, flag }: TagDefinition): string {
  return fingerprintOf({
    category,
    type,
    unit,
    values,
    sensitivity,
    granularities: granularities.toSorted(),
    bands,
    flag,
  })
}

function presentationOf({ labelEn, labelZh, legalBasis, suppliers }: TagDefinition): string {
  return fingerprintOf({ labelEn, labelZh, legalBasis, suppliers: suppliers?.toSorted() })
}
