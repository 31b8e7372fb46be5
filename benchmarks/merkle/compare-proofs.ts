import { performance } from 'node:perf_hooks'
import { idOf, uuidOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { leafHash } from '../../records/merkle/hashes.ts'
import { inclusionRanges } from '../../records/merkle/proof-ranges.ts'
import { rootOf, tilesFor } from '../../records/merkle/tiles.ts'
import { verifyInclusion } from '../../records/merkle/verify-proofs.ts'
import { inclusionProof } from '../../records/prove-records.ts'
import { selectTree } from '../../records/store/seals.ts'
import { type BenchResult, compare } from '../harness.ts'
import { median } from '../ledger/median.ts'
import type { BenchLog } from './bench-log.ts'

const FEWER_ROWS_THAN = 20
const PLACES_COUNTED = 20_000
const PLACES_PROVED = 200
/** The record's seal and the sealer's head. */
const ROWS_BESIDE_TILES = 2

/**
 * The most rows that an inclusion proof reads, over places all through the log, beside the limit; some are proved in
 * full, checked, and their time is told beside that of a row read by its key.
 */
export async function compareProofs(log: BenchLog): Promise<BenchResult> {
  const tree = await selectTree(log.context.database.reads)
  const rows = spread(log.records, PLACES_COUNTED).map(
    (index) => ROWS_BESIDE_TILES + tilesFor(inclusionRanges(index, tree.size), tree).length,
  )
  await proveSome(log, rootOf(tree))
  return compare({
    name: `an inclusion proof among ${log.records}, at most`,
    ours: Math.max(...rows),
    peer: FEWER_ROWS_THAN - 1,
    unit: `rows read (peer: the limit, under ${FEWER_ROWS_THAN})`,
    target: 1,
    better: 'lower',
  })
}

async function proveSome({ context, owner, records }: BenchLog, root: Buffer): Promise<void> {
  const times: { readonly proof: number[]; readonly row: number[] } = { proof: [], row: [] }
  for (const place of spread(records, PLACES_PROVED)) {
    const [row] = await owner<{ record_id: string }[]>`
      select record_id from seals where seq = ${place + 1}::bigint`
    invariant(row, 'every place is sealed')
    const id = idOf('rec', row.record_id)
    const began = performance.now()
    await context.database.reads`select recorded_at from records where id = ${uuidOf(id)}::uuid`
    const read = performance.now()
    const { commitment, ...proof } = await inclusionProof(context, id)
    times.row.push(read - began)
    times.proof.push(performance.now() - read)
    invariant(verifyInclusion({ ...proof, leaf: leafHash(commitment), root }), `the proof of ${id} does not hold`)
  }
  console.error(`a proof: ${median(times.proof).toFixed(2)} ms; a row by its key: ${median(times.row).toFixed(2)} ms`)
}

/** Places from the first to the last, evenly spread. */
function spread(size: number, count: number): readonly number[] {
  const some = Math.min(size, count)
  return Array.from({ length: some }, (_, n) => Math.floor((n * (size - 1)) / Math.max(1, some - 1)))
}
