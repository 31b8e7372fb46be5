import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { RecordLine } from '../replay/file-format.ts'

/** The log that is being taken over, or was, and how far it has come. */
export type ReplayState = {
  readonly size: number
  readonly root: string
  readonly loaded: number
  /** Records that wait for another one before their rows can be written. */
  readonly waiting: readonly Id<'rec'>[]
  readonly finished: boolean
}

type Row = { size: string; root: string; loaded: string; waiting: string[]; finished: boolean }

export async function selectReplay(sql: Reader): Promise<ReplayState | undefined> {
  const [row] = await sql<Row[]>`
    select size, encode(root, 'hex') as root, loaded, waiting, finished_at is not null as finished from replays where one`
  return row && stateOf(row)
}

/** Holds the replay until the transaction ends. */
export async function holdReplay(tx: Transaction): Promise<ReplayState | undefined> {
  const [row] = await tx<Row[]>`
    select size, encode(root, 'hex') as root, loaded, waiting, finished_at is not null as finished from replays
    where one for update`
  return row && stateOf(row)
}

function stateOf({ size, root, loaded, waiting, finished }: Row): ReplayState {
  return { size: Number(size), root, loaded: Number(loaded), waiting: waiting.map((id) => idOf('rec', id)), finished }
}

/** Those of the tables that have a row; writers of records are waited for, and held off until the transaction ends. */
export async function tablesWithRows(tx: Transaction, tables: readonly string[]): Promise<readonly string[]> {
  await tx`select hold_log()`
  const found: string[] = []
  for (const table of tables) {
    const [row] = await tx<{ some: boolean }[]>`select exists (select from ${tx(table)}) as some`
    if (row?.some === true) found.push(table)
  }
  return found
}

/** Begins to take a log over: from now on nobody appends, and this server's transactions come behind all of that log's. */
export async function beginReplay(
  tx: Transaction,
  log: { readonly origin: string | undefined; readonly size: number; readonly root: string; readonly nextTx: string },
  at: Date,
): Promise<void> {
  await tx`update log_clock set ahead = ${log.nextTx}::bigint where one`
  await tx`
    insert into replays (origin, size, root, started_at)
    values (${log.origin ?? null}, ${log.size}::bigint, decode(${log.root}, 'hex'), ${at.toISOString()}::timestamptz)`
}

/** Moves a replay on; what waits is replaced. */
export async function advanceReplay(
  tx: Transaction,
  { loaded, waiting }: Pick<ReplayState, 'loaded' | 'waiting'>,
): Promise<void> {
  await tx`
    update replays set loaded = ${loaded}::bigint, waiting = ${waiting.map(uuidOf)}::text[]::uuid[] where one`
}

export async function finishReplay(tx: Transaction, at: Date): Promise<void> {
  await tx`update replays set finished_at = ${at.toISOString()}::timestamptz where one`
}

/** Adds records as another database wrote them, each with what its body says of it. */
export async function insertReplayed(
  tx: Transaction,
  lines: readonly (RecordLine & {
    readonly id: Id<'rec'>
    readonly kind: string
    readonly partner: Id<'ptr'> | undefined
    readonly at: string
  })[],
): Promise<void> {
  const column = (value: (line: (typeof lines)[number]) => string): string => lines.map(value).join('\n')
  await tx`
    insert into records (id, tx_id, kind, body, salt, partner_id, recorded_at)
    select id::uuid, tx::xid8, kind, body, decode(salt, 'hex'), partner::uuid, at::timestamptz
    from unnest(
      string_to_array(${column(({ id }) => uuidOf(id))}, E'\\n'),
      string_to_array(${column(({ tx: id }) => id)}, E'\\n'),
      string_to_array(${column(({ kind }) => kind)}, E'\\n'),
      string_to_array(${column(({ body }) => body)}, E'\\n'),
      string_to_array(${column(({ salt }) => salt)}, E'\\n'),
      string_to_array(${column(({ partner }) => (partner === undefined ? '' : uuidOf(partner)))}, E'\\n', ''),
      string_to_array(${column(({ at }) => at)}, E'\\n')
    ) as r (id, tx, kind, body, salt, partner, at)`
}

/** Bodies of records, in the order of the log. */
export async function selectBodies(sql: Reader, records: readonly Id<'rec'>[]): Promise<readonly string[]> {
  const rows = await sql<{ body: string }[]>`
    select r.body from records r where r.id = any (${records.map(uuidOf)}::text[]::uuid[]) order by r.tx_id, r.id`
  return rows.map(({ body }) => body)
}
