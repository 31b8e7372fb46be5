import { asc, inArray, lt } from 'drizzle-orm'
import type { Reader, Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { tagDefinitions } from '../tables.ts'
import type { TagDefinition } from '../tag-definition.ts'

/** A definition that is kept; once retired it is neither shared nor agreed to any more. */
export type KeptDefinition = TagDefinition & { readonly retiredAt: Date | undefined }

/** A definition as a record tells of it: `version` counts how often it was written. */
export type DefinitionVersion = {
  readonly definition: TagDefinition
  readonly version: number
  readonly createdAt: Date
}

type DefinitionRow = typeof tagDefinitions.$inferSelect

/** The definitions with these keys, or all of them. There are some dozens, not thousands. */
export async function selectDefinitions(sql: Reader, keys?: readonly string[]): Promise<readonly KeptDefinition[]> {
  const rows = await orm(sql)
    .select()
    .from(tagDefinitions)
    .where(keys && inArray(tagDefinitions.key, [...keys]))
    .orderBy(asc(tagDefinitions.key))
  return rows.map(definitionOf)
}

/** The same, each held until the transaction ends, and how often it was written. */
export async function holdDefinitions(tx: Transaction, keys: readonly string[]): Promise<readonly DefinitionVersion[]> {
  const rows = await orm(tx)
    .select()
    .from(tagDefinitions)
    .where(inArray(tagDefinitions.key, [...keys]))
    .orderBy(asc(tagDefinitions.key))
    .for('no key update')
  return rows.map((row) => ({ definition: definitionOf(row), version: row.version, createdAt: row.createdAt }))
}

function definitionOf({ version: _, createdAt: __, ...row }: DefinitionRow): KeptDefinition {
  const { values, unit, bands, flag, suppliers, retiredAt, ...rest } = row
  return {
    ...rest,
    values: values ?? undefined,
    unit: unit ?? undefined,
    bands: bands ?? undefined,
    flag: flag ?? undefined,
    suppliers: suppliers ?? undefined,
    retiredAt: retiredAt ?? undefined,
  }
}

/** Adds definitions whose keys are free; one that is added at the same moment elsewhere is waited for. Returns the added keys. */
export async function insertDefinitions(
  tx: Transaction,
  definitions: readonly TagDefinition[],
  createdAt: Date,
): Promise<ReadonlySet<string>> {
  if (definitions.length === 0) return new Set()
  const rows = await orm(tx)
    .insert(tagDefinitions)
    .values(definitions.map((definition) => rowOf({ definition, version: 1, createdAt })))
    .onConflictDoNothing()
    .returning({ key: tagDefinitions.key })
  return new Set(rows.map(({ key }) => key))
}

/** Writes a version of a definition, unless a later one stands there. Its meaning is that of the first. */
export async function keepDefinition(tx: Transaction, kept: DefinitionVersion): Promise<void> {
  const { labelEn, labelZh, category, legalBasis, suppliers } = kept.definition
  const { version } = kept
  await orm(tx)
    .insert(tagDefinitions)
    .values(rowOf(kept))
    .onConflictDoUpdate({
      target: tagDefinitions.key,
      set: { labelEn, labelZh, category, legalBasis, suppliers: suppliers ? [...suppliers] : null, version },
      setWhere: lt(tagDefinitions.version, version),
    })
}

function rowOf({ definition, version, createdAt }: DefinitionVersion): typeof tagDefinitions.$inferInsert {
  const { values, granularities, suppliers, ...rest } = definition
  const lists = { values: values && [...values], suppliers: suppliers && [...suppliers] }
  return { ...rest, ...lists, granularities: [...granularities], version, createdAt }
}
