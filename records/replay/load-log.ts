import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { openRecords, projectRecords } from '../project-records.ts'
import type { Projector } from '../projector.ts'
import { type RecordBody, readBody } from '../record-body.ts'
import { sealRecords } from '../seal-records.ts'
import { insertCheckpoint } from '../store/checkpoints.ts'
import { keepKeys } from '../store/customer-keys.ts'
import { advanceReplay, holdReplay, insertReplayed, selectBodies, selectReplay } from '../store/replays.ts'
import { type CheckpointLine, type LogHeader, logLine, type RecordLine } from './file-format.ts'
import { parseLine, readLines } from './read-lines.ts'
import type { CustomersPort } from './take-keys.ts'

export type Load = {
  readonly file: string
  readonly header: LogHeader
  readonly projectors: readonly Projector[]
  readonly customers: CustomersPort
  /** The key that signed the checkpoints is here; without it nobody could check them, and they stay out. */
  readonly signed: boolean
  readonly onLoaded: (progress: { readonly done: number; readonly total: number }) => void
}

type Batch = { readonly records: RecordLine[]; readonly checkpoints: CheckpointLine[]; characters: number }

const MOST_RECORDS = 2000
const MOST_CHARACTERS = 8_000_000

/**
 * Takes the records of a checked file in, batch by batch: records, their rows in the tables and how far it has come are one
 * transaction. Behind each batch it is sealed, and the checkpoints for it are kept.
 */
export async function loadLog(context: Context, load: Load): Promise<void> {
  const done = (await selectReplay(context.database.reads))?.loaded ?? 0
  let batch = emptyBatch()
  let first = true
  for await (const line of readLines(load.file)) {
    if (first) {
      first = false
      continue
    }
    const value = parseLine(logLine, line)
    if ('note' in value) batch.checkpoints.push(value)
    else if (value.seq > done) {
      batch.records.push(value)
      batch.characters += value.body.length
    }
    if (isFull(batch)) {
      await take(context, load, batch)
      batch = emptyBatch()
    }
  }
  await take(context, load, batch)
}

function emptyBatch(): Batch {
  return { records: [], checkpoints: [], characters: 0 }
}

function isFull({ records, checkpoints, characters }: Batch): boolean {
  return Math.max(records.length, checkpoints.length) >= MOST_RECORDS || characters >= MOST_CHARACTERS
}

async function take(context: Context, load: Load, { records, checkpoints }: Batch): Promise<void> {
  const last = records.at(-1)
  if (last !== undefined) {
    await context.database.transaction((tx) => takeRecords(context, tx, load, records))
    while ((await sealRecords(context)) > 0);
    load.onLoaded({ done: last.seq, total: load.header.size })
  }
  if (load.signed) await keepCheckpoints(context, checkpoints)
}

async function takeRecords(
  context: Context,
  tx: Transaction,
  { projectors, customers }: Load,
  lines: readonly RecordLine[],
): Promise<void> {
  const state = await holdReplay(tx)
  const first = lines[0]?.seq ?? 0
  if (state?.loaded !== first - 1) throw new Fault('WRONG_STATE', 'another process is replaying this log')
  const read = lines.map((line) => ({ line, body: readBody(line.body) }))
  await insertReplayed(tx, read.map(rowOf))
  const before = (await selectBodies(tx, state.waiting)).map(readBody)
  const due = await openRecords(context, tx, [...before, ...read.map(({ body }) => body)])
  const owners = new Set(due.map(({ owner }) => owner).filter((owner) => owner !== undefined))
  if (owners.size > 0) await ensureOwners(context, tx, customers, [...owners])
  const waiting = await projectRecords(context, tx, projectors, due)
  await advanceReplay(tx, { loaded: first - 1 + lines.length, waiting: waiting.map(({ body }) => body.id) })
}

/** A customer whose key was not brought is as good as erased: nobody is given a new key under the old name. */
async function ensureOwners(
  context: Context,
  tx: Transaction,
  customers: CustomersPort,
  owners: readonly Id<'cus'>[],
): Promise<void> {
  const now = context.clock.now()
  await keepKeys(
    tx,
    owners.map((customer) => ({ customer, wrapped: undefined, at: now, erasedAt: now })),
  )
  await customers.ensure(tx, owners)
}

function rowOf({ line, body }: { readonly line: RecordLine; readonly body: RecordBody }) {
  const { id, kind, partner, at } = body
  return { ...line, id, kind, partner, at }
}

async function keepCheckpoints(context: Context, lines: readonly CheckpointLine[]): Promise<void> {
  if (lines.length === 0) return
  await context.database.transaction(async (tx) => {
    for (const { size, root, note, at } of lines) {
      await insertCheckpoint(tx, { size, root: Buffer.from(root, 'hex'), note, at: new Date(at) })
    }
  })
}
