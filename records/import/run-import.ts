import type { Context } from '../../database/context.ts'
import { fingerprintOf } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import {
  beginImport,
  finishImport,
  holdImport,
  type ImportKey,
  type ImportState,
  selectRefusals,
} from '../store/imports.ts'
import type { ImportProgress, ImportReport, ImportSpec } from './import-spec.ts'
import { takeTurn } from './import-turns.ts'
import { openSource, type Source } from './open-source.ts'
import { type Batch, readBatches } from './read-batches.ts'
import { openRefusedFile, type RefusedFile } from './refused-file.ts'
import { writeBatch } from './write-batch.ts'

const BATCH_LINES = 2000
const FIRST_REFUSED = 100

/**
 * Imports a file: each batch of lines is one transaction with its progress and its record in the log. Bad lines are
 * refused, with their number and why, and the rest goes in. An import that was killed goes on where it stopped when it
 * is run again; one that was done is read again, which changes nothing if items have a key of their own.
 * While a batch is written the next one is read and parsed; memory does not grow with the file.
 * Throws `NOT_FOUND` (no such file), `INVALID_INPUT` (its format, its header line, the place for refused lines) and
 * `WRONG_STATE` (the same import is running, or the file was changed meanwhile).
 */
export async function runImport<Item>(context: Context, spec: ImportSpec<Item>): Promise<ImportReport> {
  const source = await openSource(spec)
  try {
    const refused = spec.refusedFile === undefined ? undefined : await openRefusedFile(spec.refusedFile)
    try {
      return await takeTurn(context.database, () => importAlone(context, spec, source, refused))
    } finally {
      await refused?.close()
    }
  } finally {
    await source.close()
  }
}

async function importAlone<Item>(
  context: Context,
  spec: ImportSpec<Item>,
  source: Source,
  refused: RefusedFile | undefined,
): Promise<ImportReport> {
  const key = keyOf(spec, source)
  let report: ImportReport | undefined
  const alone = await holdImport(context.database, key, async () => {
    const state = await importRest(context, spec, source, key)
    await refused?.write(context, state.id)
    report = await reportOf(context, spec, state)
  })
  if (!alone) throw new Fault('WRONG_STATE', `the import of ${source.name} is running already`)
  invariant(report, 'an import that was done has a report')
  return report
}

function keyOf<Item>({ kind, source: from, delimiter, mapping }: ImportSpec<Item>, source: Source): ImportKey {
  if (from.length === 0 || from.length > 200) {
    throw new Fault('INVALID_INPUT', 'a source has from 1 to 200 characters', { field: 'source' })
  }
  const mappingDigest = fingerprintOf({ format: source.format, delimiter: delimiter ?? ',', mapping: mapping ?? null })
  return { kind, source: from, fileDigest: source.digest, mappingDigest }
}

async function importRest<Item>(
  context: Context,
  spec: ImportSpec<Item>,
  source: Source,
  key: ImportKey,
): Promise<ImportState> {
  const reading = { ...spec, batchSize: spec.batchSize ?? BATCH_LINES }
  const file = { id: newId('imp'), name: source.name, size: source.size, at: context.clock.now() }
  const { transaction } = context.database
  let state = await transaction((tx) => beginImport(tx, key, file))
  await readAhead(readBatches(source, state.done, reading), async (batch) => {
    state = await writeBatch(context, spec, { ...state, fileName: source.name }, batch)
    spec.onProgress?.(progressOf(state, source.size))
  })
  await source.refuseChanged()
  await transaction((tx) => finishImport(tx, state.id, context.clock.now()))
  return state
}

/** Reads and parses the next batch while this one is written: never more than two are held. */
async function readAhead<Item>(
  batches: AsyncGenerator<Batch<Item>, void, void>,
  write: (batch: Batch<Item>) => Promise<void>,
): Promise<void> {
  let next = batches.next()
  try {
    for (;;) {
      const { value: batch } = await next
      if (!batch) return
      const written = write(batch)
      next = batches.next()
      next.catch(() => {}) // told when it is its turn: this batch is written first
      await written
    }
  } finally {
    await batches.return()
  }
}

function progressOf({ done, created, changed, unchanged, refused }: ImportState, totalBytes: number): ImportProgress {
  const rows = created + changed + unchanged + refused
  return { rows, created, changed, unchanged, refused, bytes: done.byte, totalBytes }
}

async function reportOf<Item>(
  context: Context,
  { refusedFile }: ImportSpec<Item>,
  { id, created, changed, unchanged, refused }: ImportState,
): Promise<ImportReport> {
  const page = { afterLine: 0, limit: FIRST_REFUSED }
  return {
    importId: id,
    rows: created + changed + unchanged + refused,
    created,
    changed,
    unchanged,
    refused,
    firstRefused: refused === 0 ? [] : await selectRefusals(context.database.reads, id, page),
    ...(refusedFile === undefined ? {} : { refusedFile }),
  }
}
