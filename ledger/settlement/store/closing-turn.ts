import type { Database, Reader } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Id } from '../../../kernel/ids.ts'
import type { Programme } from '../../agreements/programme.ts'

/** What a closing sees: facts as they were at one moment, and which transactions those are. */
export type ClosingTurn = { readonly facts: Reader; readonly factsCut: string }

/** What is done between two reads of facts must fit. */
const IDLE_SECONDS = 600
/** All of the reading must fit, and the writing that goes on meanwhile: the driver's cursor is one statement. */
const READING_SECONDS = 3600

/** The last closing that each database of this process was asked for. */
const queues = new WeakMap<Database, Promise<unknown>>()

/**
 * Runs the work while no other process closes a period of this programme. The turn is an advisory lock of a transaction
 * that stays open, writes nothing (so it does not hold up the sealer) and dies with the process: nothing has to be cleaned
 * up after a crash. The same transaction reads the facts, all at one snapshot, however often.
 *
 * It holds one connection while the work takes a second, so closings of one process go one after another: a few of them
 * at once would have all connections of the pool and wait for each other.
 * Throws `WRONG_STATE` when another process has the turn.
 */
export async function withClosingTurn<T>(
  database: Database,
  programme: Programme,
  work: (turn: ClosingTurn) => Promise<T>,
): Promise<T> {
  const options = { isolation: 'repeatable read', statementTimeoutSeconds: READING_SECONDS } as const
  return afterOthers(database, () => database.transaction((facts) => takeTurn(facts, programme, work), options))
}

/** Whether some process has the turn of a programme now. */
export async function isTurnTaken(sql: Reader, programme: Id<'prg'>): Promise<boolean> {
  const [row] = await sql<{ taken: boolean }[]>`
    select exists (
      select from pg_locks l
      where l.locktype = 'advisory' and l.mode = 'ExclusiveLock' and l.granted and l.objsubid = 1
        and l.database = (select d.oid from pg_database d where d.datname = current_database())
        and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(${`closing:${programme}`}, 0)
    ) as taken`
  return row?.taken ?? false
}

function afterOthers<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const mine = (queues.get(database) ?? Promise.resolve()).then(work)
  // those who come after wait for the end, whichever it is
  queues.set(
    database,
    mine.catch(() => undefined),
  )
  return mine
}

async function takeTurn<T>(
  facts: Reader,
  { id, code }: Programme,
  work: (turn: ClosingTurn) => Promise<T>,
): Promise<T> {
  await facts.unsafe(`set local idle_in_transaction_session_timeout = '${IDLE_SECONDS}s'`)
  const [row] = await facts<{ taken: boolean; cut: string }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${`closing:${id}`}, 0)) as taken,
      log_snapshot()::text as cut`
  if (!row?.taken) throw new Fault('WRONG_STATE', `a period of ${code} is being closed by another process`)
  return work({ facts, factsCut: row.cut })
}
