import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords, type NewRecord } from '../append-records.ts'
import { advanceImport, type ImportState, insertRefusals } from '../store/imports.ts'
import type { ImportCounts, ImportItem, ImportOutcome, ImportSpec, Refusal } from './import-spec.ts'
import type { Batch } from './read-batches.ts'

/** The import as its last batch left it, and the name of its file. */
type ImportSoFar = ImportState & { readonly fileName: string }

/** SQLSTATEs of transactions that were chosen to give way to another one: the same again may well pass. */
const GAVE_WAY = new Set(['40001', '40P01'])
const TRIES = 5

/**
 * Writes one batch: its items, why lines were refused, how far the import has come and its record in the log, all in one
 * transaction. Throws `WRONG_STATE` when another process has moved the import on.
 */
export async function writeBatch<Item>(
  context: Context,
  spec: ImportSpec<Item>,
  before: ImportSoFar,
  batch: Batch<Item>,
): Promise<ImportState> {
  for (let tries = 1; ; tries++) {
    try {
      return await context.database.transaction((tx) => writeOnce(context, tx, spec, before, batch))
    } catch (error) {
      if (tries === TRIES || !gaveWay(error)) throw error
    }
  }
}

async function writeOnce<Item>(
  context: Context,
  tx: Transaction,
  spec: ImportSpec<Item>,
  before: ImportSoFar,
  batch: Batch<Item>,
): Promise<ImportState> {
  const outcomes = batch.items.length === 0 ? [] : await spec.write(tx, batch.items, before.id)
  invariant(outcomes.length === batch.items.length, 'an import says of each item what became of it')
  const refusals = [...batch.refusals, ...refusedItems(batch.items, outcomes)]
  const counts = countsOf(outcomes, refusals.length)
  await insertRefusals(tx, before.id, refusals)
  if (batch.items.length + refusals.length > 0) {
    await appendRecords(context, tx, [recordOf(spec, before, batch, counts)])
  }
  const state = await advanceImport(tx, before, { done: batch.to, counts, at: context.clock.now() })
  if (!state) throw new Fault('WRONG_STATE', 'another process has gone on with this import')
  return state
}

function refusedItems<Item>(items: readonly ImportItem<Item>[], outcomes: readonly ImportOutcome[]): Refusal[] {
  const refusals: Refusal[] = []
  items.forEach(({ line }, index) => {
    const outcome = outcomes[index]
    if (typeof outcome !== 'object') return
    const { refused: code, message, field } = outcome
    refusals.push({ line, code, message, ...(field === undefined ? {} : { field }) })
  })
  return refusals
}

function countsOf(outcomes: readonly ImportOutcome[], refused: number): ImportCounts {
  const counts = { created: 0, changed: 0, unchanged: 0, refused }
  for (const outcome of outcomes) if (typeof outcome === 'string') counts[outcome]++
  return counts
}

function recordOf<Item>(
  { kind, source }: ImportSpec<Item>,
  { id, fileName }: ImportSoFar,
  { from, to, digest }: Batch<Item>,
  counts: ImportCounts,
): NewRecord {
  const data = {
    importId: id,
    kind,
    source,
    file: fileName,
    firstLine: BigInt(from.line + 1),
    lastLine: BigInt(to.line),
    firstByte: BigInt(from.byte),
    endByte: BigInt(to.byte),
    created: BigInt(counts.created),
    changed: BigInt(counts.changed),
    unchanged: BigInt(counts.unchanged),
    refused: BigInt(counts.refused),
    sha256: digest,
  }
  return { kind: 'import', data }
}

function gaveWay(error: unknown): boolean {
  return error instanceof Error && 'code' in error && GAVE_WAY.has(String(error.code))
}
