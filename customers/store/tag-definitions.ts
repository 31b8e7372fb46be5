import { asc, eq, inArray } from 'drizzle-orm'
import type { Reader, Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { tagDefinitions } from '../tables.ts'
import type { TagDefinition } from '../tag-definition.ts'

/** A definition that is kept; once retired it is neither shared nor agreed to any more. */
export type KeptDefinition = TagDefinition & { readonly retiredAt: Date | undefined }

/** The definitions with these keys, or all of them. There are some dozens, not thousands. */
export async function selectDefinitions(sql: Reader, keys?: readonly string[]): Promise<readonly KeptDefinition[]> {
  const rows = await orm(sql)
    .select()
    .from(tagDefinitions)
    .where(keys && inArray(tagDefinitions.key, [...keys]))
    .orderBy(asc(tagDefinitions.key))
  return rows.map(({ values, unit, bands, flag, retiredAt, ...row }) => ({
    ...row,
    values: values ?? undefined,
    unit: unit ?? undefined,
    bands: bands ?? undefined,
    flag: flag ?? undefined,
    retiredAt: retiredAt ?? undefined,
  }))
}

/** Adds definitions whose keys are free; one that is added at the same moment elsewhere is waited for and kept. */
export async function insertDefinitions(tx: Transaction, definitions: readonly TagDefinition[]): Promise<void> {
  const rows = definitions.map(({ values, granularities, ...definition }) => ({
    ...definition,
    values: values === undefined ? null : [...values],
    granularities: [...granularities],
  }))
  if (rows.length > 0) await orm(tx).insert(tagDefinitions).values(rows).onConflictDoNothing()
}

/** Changes how a definition is presented; its meaning stays. */
export async function updatePresentation(tx: Transaction, definition: TagDefinition): Promise<void> {
  const { labelEn, labelZh, category, legalBasis } = definition
  await orm(tx)
    .update(tagDefinitions)
    .set({ labelEn, labelZh, category, legalBasis })
    .where(eq(tagDefinitions.key, definition.key))
}
