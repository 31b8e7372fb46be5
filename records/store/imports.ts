import type { Database, Reader, Transaction } from '../../database/client.ts'
import type { FaultCode } from '../../kernel/fault-codes.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { ImportCounts, Position, Refusal } from '../import/import-spec.ts'

/** What makes two imports the same: an unfinished one is gone on with. */
export type ImportKey = {
  readonly kind: string
  readonly source: string
  readonly fileDigest: string
  readonly mappingDigest: string
}

/** How far an import has come. */
export type ImportState = ImportCounts & { readonly id: Id<'imp'>; readonly done: Position }

type StateRow = Record<'id' | 'lines_done' | 'bytes_done' | 'created' | 'changed' | 'unchanged' | 'refused', string>

const UNLOCK_TRIES = 20
const UNLOCK_PAUSE_SECONDS = 0.1

/**
 * Does the work while no other process does it for the same key; false when another one does. The lock lives as long as
 * a transaction of its own, so that it dies with this process. It writes nothing, so it holds up neither sealing nor
 * vacuum. A process that was just killed may hold it a moment longer: that is waited for, two seconds at most.
 */
export async function holdImport(database: Database, key: ImportKey, work: () => Promise<void>): Promise<boolean> {
  const name = JSON.stringify(['import', key.kind, key.source, key.fileDigest, key.mappingDigest])
  return database.transaction(async (tx) => {
    await tx`set local idle_in_transaction_session_timeout = 0`
    for (let tries = 0; tries < UNLOCK_TRIES; tries++) {
      const [row] = await tx<{ taken: boolean }[]>`
        select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as taken`
      if (row?.taken) return work().then(() => true)
      await tx`select pg_sleep(${UNLOCK_PAUSE_SECONDS})`
    }
    return false
  })
}

/** Begins an import, or finds the unfinished one with this key as its last committed batch left it. */
export async function beginImport(
  tx: Transaction,
  key: ImportKey,
  file: { readonly id: Id<'imp'>; readonly name: string; readonly size: number; readonly at: Date },
): Promise<ImportState> {
  const at = file.at.toISOString()
  // it waits for what a killed process left uncommitted, its last batch or the import's end
  await tx`
    insert into imports (id, kind, source, file_name, file_digest, mapping_digest, file_bytes, started_at, updated_at)
    values (${uuidOf(file.id)}::uuid, ${key.kind}, ${key.source}, ${file.name}, ${key.fileDigest}, ${key.mappingDigest},
            ${file.size}, ${at}::timestamptz, ${at}::timestamptz)
    on conflict (kind, source, file_digest, mapping_digest) where status = 'RUNNING' do nothing`
  const [row] = await tx<StateRow[]>`
    select id, lines_done, bytes_done, created, changed, unchanged, refused from imports
    where kind = ${key.kind} and source = ${key.source} and file_digest = ${key.fileDigest}
      and mapping_digest = ${key.mappingDigest} and status = 'RUNNING'
    for update`
  invariant(row, 'an import that was begun is there')
  return stateOf(row)
}

/** Moves an import on by one batch; `undefined` when it does not stand where it was thought to stand. */
export async function advanceImport(
  tx: Transaction,
  before: ImportState,
  { done, counts, at }: { readonly done: Position; readonly counts: ImportCounts; readonly at: Date },
): Promise<ImportState | undefined> {
  const [row] = await tx<StateRow[]>`
    update imports set lines_done = ${done.line}, bytes_done = ${done.byte}, updated_at = ${at.toISOString()}::timestamptz,
      created = created + ${counts.created}, changed = changed + ${counts.changed},
      unchanged = unchanged + ${counts.unchanged}, refused = refused + ${counts.refused}
    where id = ${uuidOf(before.id)}::uuid and status = 'RUNNING' and bytes_done = ${before.done.byte}
    returning id, lines_done, bytes_done, created, changed, unchanged, refused`
  return row && stateOf(row)
}

/** Marks an import as done. */
export async function finishImport(tx: Transaction, id: Id<'imp'>, at: Date): Promise<void> {
  await tx`
    update imports set status = 'DONE', updated_at = ${at.toISOString()}::timestamptz where id = ${uuidOf(id)}::uuid`
}

/** Keeps why lines were refused. */
export async function insertRefusals(tx: Transaction, id: Id<'imp'>, refusals: readonly Refusal[]): Promise<void> {
  if (refusals.length === 0) return
  await tx`
    insert into import_refusals (import_id, line, code, message, field)
    select ${uuidOf(id)}::uuid, line::bigint, code, message, field
    from unnest(${refusals.map(({ line }) => String(line))}::text[], ${refusals.map(({ code }) => code)}::text[],
                ${refusals.map(({ message }) => message)}::text[],
                ${refusals.map(({ field }) => field ?? null)}::text[]) as r (line, code, message, field)`
}

/** Lines that an import refused, in order, after a line. */
export async function selectRefusals(
  sql: Reader,
  id: Id<'imp'>,
  { afterLine, limit }: { readonly afterLine: number; readonly limit: number },
): Promise<readonly Refusal[]> {
  const rows = await sql<{ line: string; code: FaultCode; message: string; field: string | null }[]>`
    select line, code, message, field from import_refusals
    where import_id = ${uuidOf(id)}::uuid and line > ${afterLine} order by line limit ${limit}`
  return rows.map(({ line, field, ...why }) => ({ line: Number(line), ...why, ...(field === null ? {} : { field }) }))
}

/** Lines and bytes of a file stay far below 2^53. */
function stateOf(row: StateRow): ImportState {
  return {
    id: idOf('imp', row.id),
    done: { byte: Number(row.bytes_done), line: Number(row.lines_done) },
    created: Number(row.created),
    changed: Number(row.changed),
    unchanged: Number(row.unchanged),
    refused: Number(row.refused),
  }
}
