import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { openLogKey } from '../log-key.ts'
import type { NoteVerifier } from '../notes/signed-note.ts'
import { type KeptKey, keepKeys } from '../store/customer-keys.ts'
import { insertLogKey, selectLogKey } from '../store/log-keys.ts'
import {
  type CustomerKeyLine,
  type CustomerLine,
  type KeysLine,
  keysHeader,
  keysLine,
  type LogKeyLine,
} from './file-format.ts'
import { refuseOtherMasterKey } from './master-key-mark.ts'
import { parseLine, readLines } from './read-lines.ts'

/** What the folder of customers does for a replay, in its transactions. */
export type CustomersPort = {
  /** Keeps customers as the keys file tells of them; those who were erased under a placeholder. */
  readonly keep: (tx: Transaction, customers: readonly (CustomerLine & { readonly erased: boolean })[]) => Promise<void>
  /** Makes rows for customers who have none, so that what speaks of them has something to point at. */
  readonly ensure: (tx: Transaction, customers: readonly Id<'cus'>[]) => Promise<void>
}

const TOGETHER = 5000

/** The keys by which a log's signatures are checked, out of a keys file. Throws `INVALID_INPUT` with a line's number. */
export async function readVerifiers(context: Context, file: string): Promise<ReadonlyMap<string, NoteVerifier>> {
  const verifiers = new Map<string, NoteVerifier>()
  for await (const line of keysLines(context, file)) {
    if ('log' in line) verifiers.set(line.log, openLogKey(context, line.log, wrappedOf(line)))
  }
  return verifiers
}

/**
 * Takes in a keys file, whole lines of it at a time; doing it again changes nothing. Nobody whom the log says was erased
 * comes back. Throws `WRONG_STATE` when another key signs under the name of the log already.
 */
export async function takeKeys(
  context: Context,
  file: string,
  { customers, erased }: { readonly customers: CustomersPort; readonly erased: ReadonlySet<Id<'cus'>> },
): Promise<void> {
  let batch: KeysLine[] = []
  const gone = new Set<Id<'cus'>>(erased)
  const flush = async (): Promise<void> => {
    const lines = batch
    batch = []
    await context.database.transaction((tx) => takeLines(context, tx, lines, { customers, gone }))
  }
  for await (const line of keysLines(context, file)) {
    batch.push(line)
    if (batch.length === TOGETHER) await flush()
  }
  await flush()
}

type Taking = { readonly customers: CustomersPort; readonly gone: Set<Id<'cus'>> }

async function takeLines(
  context: Context,
  tx: Transaction,
  lines: readonly KeysLine[],
  { customers, gone }: Taking,
): Promise<void> {
  const keys = lines.filter((line): line is CustomerKeyLine => 'keyOf' in line)
  for (const { keyOf, wrapped } of keys) if (wrapped === undefined) gone.add(keyOf)
  const kept = keys.map((line) => keptKey(line, gone.has(line.keyOf), context.clock.now()))
  if (kept.length > 0) await keepKeys(tx, kept)
  const known = lines.filter((line): line is CustomerLine => 'customer' in line)
  if (known.length > 0)
    await customers.keep(
      tx,
      known.map((line) => ({ ...line, erased: gone.has(line.customer) })),
    )
  for (const line of lines) if ('log' in line) await takeLogKey(tx, line)
}

function keptKey({ keyOf: customer, wrapped, at, erasedAt }: CustomerKeyLine, erased: boolean, now: Date): KeptKey {
  const made = { customer, at: new Date(at) }
  return erased || wrapped === undefined
    ? { ...made, wrapped: undefined, erasedAt: erasedAt === undefined ? now : new Date(erasedAt) }
    : { ...made, wrapped: Buffer.from(wrapped, 'base64'), erasedAt: undefined }
}

async function takeLogKey(tx: Transaction, line: LogKeyLine): Promise<void> {
  const key = wrappedOf(line)
  await insertLogKey(tx, line.log, key, new Date(line.at))
  const kept = await selectLogKey(tx, line.log)
  if (kept?.publicKey.equals(key.publicKey) !== true) {
    throw new Fault('WRONG_STATE', `another key signs for the log ${line.log} here already`)
  }
}

function wrappedOf({ publicKey, wrapped }: LogKeyLine): { readonly publicKey: Buffer; readonly wrapped: Buffer } {
  return { publicKey: Buffer.from(publicKey, 'base64'), wrapped: Buffer.from(wrapped, 'base64') }
}

async function* keysLines(context: Context, file: string): AsyncGenerator<KeysLine> {
  let begun = false
  for await (const line of readLines(file)) {
    if (begun) yield parseLine(keysLine, line)
    else refuseOtherMasterKey(context, parseLine(keysHeader, line).masterKey)
    begun = true
  }
  if (!begun) throw new Fault('INVALID_INPUT', `${file} is empty`)
}
