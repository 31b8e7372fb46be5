import { and, asc, desc, eq, lte } from 'drizzle-orm'
import type { Reader, Transaction } from '../../../database/client.ts'
import { orm } from '../../../database/orm.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import { terms, termsInForce } from '../tables.ts'
import type { TermsVersion } from '../terms.ts'
import { readTerms } from '../terms-body.ts'

/** All versions of a programme's terms, ascending. */
export async function termsOfProgramme(sql: Reader, programme: Id<'prg'>): Promise<readonly TermsVersion[]> {
  const rows = await published(sql)
    .where(eq(terms.programmeId, uuidOf(programme)))
    .orderBy(asc(terms.version))
  return rows.map(versionOf)
}

/** One version of a programme's terms. */
export async function selectTerms(
  sql: Reader,
  { programme, version }: { readonly programme: Id<'prg'>; readonly version: number },
): Promise<TermsVersion | undefined> {
  const named = and(eq(terms.programmeId, uuidOf(programme)), eq(terms.version, version))
  const [row] = await published(sql).where(named)
  return row && versionOf(row)
}

/** The last version of a programme's terms, published or to come into force. */
export async function selectLastTerms(sql: Reader, programme: Id<'prg'>): Promise<TermsVersion | undefined> {
  const [row] = await published(sql)
    .where(eq(terms.programmeId, uuidOf(programme)))
    .orderBy(desc(terms.version))
    .limit(1)
  return row && versionOf(row)
}

/** Which version of a programme's terms is in force at a time, as published by now, or nothing. */
export async function selectTermsAt(
  sql: Reader,
  programme: Id<'prg'>,
  at: Date,
): Promise<{ readonly version: number; readonly hash: string } | undefined> {
  const [row] = await orm(sql)
    .select({ version: terms.version, hash: terms.hash })
    .from(terms)
    .where(and(eq(terms.programmeId, uuidOf(programme)), lte(terms.effectiveFrom, at)))
    .orderBy(desc(terms.version))
    .limit(1)
  return row
}

/** When a version of a programme's terms begins. */
export async function selectTermsStart(
  sql: Reader,
  { programme, version }: { readonly programme: Id<'prg'>; readonly version: number },
): Promise<Date | undefined> {
  const named = and(eq(terms.programmeId, uuidOf(programme)), eq(terms.version, version))
  const [row] = await orm(sql).select({ effectiveFrom: terms.effectiveFrom }).from(terms).where(named)
  return row?.effectiveFrom
}

/**
 * Makes those who publish terms of one programme take turns until their transactions end: what the next statement reads
 * is then the last version. Constraints refuse an overlap all the same.
 */
export async function lockTermsOf(tx: Transaction, programme: Id<'prg'>): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`terms:${programme}`}, 0))`
}

export type NewTermsRow = {
  readonly id: Id<'trm'>
  readonly programme: Id<'prg'>
  readonly version: number
  readonly effectiveFrom: Date
  /** Start of the version before. */
  readonly followsFrom: Date | undefined
  readonly body: string
  readonly hash: string
  readonly record: Id<'rec'>
  readonly publishedAt: Date
}

export async function insertTerms(tx: Transaction, { id, programme, record, ...row }: NewTermsRow): Promise<void> {
  await orm(tx)
    .insert(terms)
    .values({ ...row, id: uuidOf(id), programmeId: uuidOf(programme), recordId: uuidOf(record) })
}

type PublishedRow = {
  readonly id: string
  readonly programmeId: string
  readonly version: number
  readonly effectiveFrom: Date
  readonly effectiveTo: Date | null
  readonly body: string
  readonly hash: string
}

function published(sql: Reader) {
  return orm(sql)
    .select({
      id: terms.id,
      programmeId: terms.programmeId,
      version: terms.version,
      effectiveFrom: terms.effectiveFrom,
      effectiveTo: termsInForce.effectiveTo,
      body: terms.body,
      hash: terms.hash,
    })
    .from(terms)
    .innerJoin(termsInForce, eq(termsInForce.termsId, terms.id))
}

function versionOf({ id, programmeId, effectiveTo, ...row }: PublishedRow): TermsVersion {
  return {
    ...row,
    id: idOf('trm', id),
    programme: idOf('prg', programmeId),
    effectiveTo: effectiveTo ?? undefined,
    terms: readTerms(row.body),
  }
}
