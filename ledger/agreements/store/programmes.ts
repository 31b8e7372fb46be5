import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import type { Reader, Transaction } from '../../../database/client.ts'
import { orm } from '../../../database/orm.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import { PROGRAMME_CODE, type Programme } from '../programme.ts'
import { programmes } from '../tables.ts'

/** The programme with this id or code, or nothing. */
export async function selectProgramme(sql: Reader, codeOrId: string): Promise<Programme | undefined> {
  const isAnId = isId('prg', codeOrId)
  if (!isAnId && !PROGRAMME_CODE.test(codeOrId)) return undefined
  const named = isAnId ? eq(programmes.id, uuidOf(codeOrId)) : eq(programmes.code, codeOrId)
  const [row] = await orm(sql).select().from(programmes).where(named)
  return row && programmeOf(row)
}

/** The same; throws `NOT_FOUND` when there is none. */
export async function requireProgramme(sql: Reader, codeOrId: string): Promise<Programme> {
  const programme = await selectProgramme(sql, codeOrId)
  if (programme !== undefined) return programme
  throw noProgramme(codeOrId)
}

/** What is said of a programme that is not there. */
export function noProgramme(codeOrId: string): Fault {
  return new Fault('NOT_FOUND', `there is no programme ${JSON.stringify(codeOrId.slice(0, 60))}`, {
    field: 'programme',
  })
}

/** Up to one more than the page holds, in the page's direction, by code. */
export async function selectProgrammes(sql: Reader, { cursor, direction, limit }: Page): Promise<readonly Programme[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await orm(sql)
    .select()
    .from(programmes)
    .where(and(from === undefined ? undefined : (forward ? gt : lt)(programmes.code, from)))
    .orderBy((forward ? asc : desc)(programmes.code))
    .limit(limit + 1)
  return rows.map(programmeOf)
}

export async function insertProgramme(tx: Transaction, programme: Programme, record: Id<'rec'>): Promise<void> {
  await orm(tx)
    .insert(programmes)
    .values({ ...programme, id: uuidOf(programme.id), recordId: uuidOf(record) })
}

/** Whether the database knows a time zone by this name, so that it can cut months in it too. */
export async function knowsTimeZone(sql: Reader, name: string): Promise<boolean> {
  const rows = await sql`select from pg_timezone_names z where z.name = ${name} limit 1`
  return rows.length > 0
}

function programmeOf({ recordId: _, ...row }: typeof programmes.$inferSelect): Programme {
  return { ...row, id: idOf('prg', row.id) }
}
