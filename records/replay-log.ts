import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import { rootOf } from './merkle/tiles.ts'
import type { Projector } from './projector.ts'
import { type CheckedLog, checkLogFile } from './replay/check-log-file.ts'
import { loadLog } from './replay/load-log.ts'
import { type CustomersPort, readVerifiers, takeKeys } from './replay/take-keys.ts'
import { beginReplay, finishReplay, selectReplay, tablesWithRows } from './store/replays.ts'
import { selectTree } from './store/seals.ts'

export type ReplayInput = {
  readonly file: string
  /** Without it nothing personal is readable, and a new key signs for the log. */
  readonly keysFile?: string
  readonly projectors: readonly Projector[]
  readonly customers: CustomersPort
  readonly onProgress?: (progress: ReplayProgress) => void
}

/** The file is read twice: checked, in bytes, and then taken in, in records. */
export type ReplayProgress = {
  readonly phase: 'checking' | 'taking in'
  readonly done: number
  readonly total: number
}

export type ReplayReport = {
  readonly origin: string | undefined
  readonly records: number
  readonly root: string
  readonly checkpoints: number
  /** Whether the log arrived at the root it had, and every record is in the tables. */
  readonly sound: boolean
  /** Records whose rows could not be written, because another record that they need is not in the log. */
  readonly waiting: readonly Id<'rec'>[]
}

/** Tables in which there is a row as soon as a database was used. */
const USED = ['records', 'seals', 'checkpoints', 'customers', 'customer_keys'] as const

/**
 * Takes a log over into an empty database: its records with the transaction ids that order them, the tree over them, and
 * every table that is a projection of them. The file is checked to its end first, so that nothing of a bad one comes in.
 * One that was cut off goes on where it stopped; one that is done changes nothing. Until it is done nobody appends.
 * Throws `INVALID_INPUT` with the number of the line at fault, `NOT_FOUND` for a file, and `WRONG_STATE` when the database
 * is not empty, or holds another log. Source: ADR 0010.
 */
export async function replayLog(context: Context, input: ReplayInput): Promise<ReplayReport> {
  const { file, keysFile, projectors, customers, onProgress } = input
  const verifiers = keysFile === undefined ? new Map() : await readVerifiers(context, keysFile)
  const checked = await checkLogFile(context, file, {
    verifiers,
    onBytes: (progress) => onProgress?.({ phase: 'checking', ...progress }),
  })
  const finished = await begin(context, checked, projectors)
  if (!finished) {
    if (keysFile !== undefined) await takeKeys(context, keysFile, { customers, erased: checked.erased })
    const signed = keysFile !== undefined
    await loadLog(context, {
      file,
      header: checked.header,
      projectors,
      customers,
      signed,
      onLoaded: (progress) => onProgress?.({ phase: 'taking in', ...progress }),
    })
  }
  return finish(context, checked, finished)
}

/** Says whether this log was taken over before. */
async function begin(context: Context, { header }: CheckedLog, projectors: readonly Projector[]): Promise<boolean> {
  return context.database.transaction(async (tx) => {
    const tables = new Set([...USED, ...projectors.flatMap((projector) => projector.tables.map(({ name }) => name))])
    const used = await tablesWithRows(tx, [...tables])
    const state = await selectReplay(tx)
    if (state !== undefined) {
      if (state.root === header.root && state.size === header.size) return state.finished
      throw new Fault('WRONG_STATE', `this database takes over another log, of ${state.size} records`)
    }
    if (used.length > 0) {
      throw new Fault(
        'WRONG_STATE',
        `a log is replayed into an empty database, and there are rows in ${used.join(', ')}`,
      )
    }
    await beginReplay(tx, { ...header, origin: header.origin }, context.clock.now())
    return false
  })
}

async function finish(context: Context, { header, checkpoints }: CheckedLog, before: boolean): Promise<ReplayReport> {
  const tree = await selectTree(context.database.reads)
  const state = await selectReplay(context.database.reads)
  const waiting = state?.waiting ?? []
  const arrived = before || (tree.size === header.size && rootOf(tree).toString('hex') === header.root)
  const sound = arrived && waiting.length === 0
  if (sound && !before) await context.database.transaction((tx) => finishReplay(tx, context.clock.now()))
  return {
    origin: header.origin,
    records: header.size,
    root: rootOf(tree).toString('base64'),
    checkpoints,
    sound,
    waiting,
  }
}
