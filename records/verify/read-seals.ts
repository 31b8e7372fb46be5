import type { Transaction } from '../../database/client.ts'
import { type Id, idOf } from '../../kernel/ids.ts'
import { HASH_BYTES } from '../merkle/hashes.ts'
import { copySealed, SEALED_COLUMNS } from '../store/copy-sealed.ts'
import { checkRecord } from './check-record.ts'
import { visitRows } from './copied-rows.ts'
import type { Findings } from './findings.ts'
import { recordScanner } from './scan-record.ts'
import { readSealedRow, seqOf } from './sealed-row.ts'

/** Places behind `from` up to `to`. */
export type Places = { readonly from: number; readonly to: number }

/** What is sealed in some places. */
export type Seals = {
  /** One after the other; zeros where no record is sealed. */
  readonly commitments: Buffer
  /** The record in a place; `undefined` when none is sealed there. */
  readonly idAt: (place: number) => Id<'rec'> | undefined
  /** The last place that has a record. */
  readonly last: number | undefined
}

const ID_BYTES = 16

/** Reads what is sealed in some places, and checks the record in each. */
export async function readSeals(tx: Transaction, { from, to }: Places, found: Findings): Promise<Seals> {
  const commitments = Buffer.alloc((to - from) * HASH_BYTES)
  const ids = Buffer.alloc((to - from) * ID_BYTES)
  const taken = new Uint8Array(to - from)
  const isSound = recordScanner()
  let last: number | undefined
  await visitRows(await copySealed(tx, { from, to }), SEALED_COLUMNS, (row) => {
    const { bytes, id, commitment } = row
    const seq = seqOf(row, row.seq)
    const index = seq - 1 - from
    if (!isSound(row)) checkRecord(readSealedRow(row), found)
    if (taken[index] === 1) found.add(`place ${seq}`, 'more than one record is sealed in it')
    bytes.copy(commitments, index * HASH_BYTES, commitment.from, Math.min(commitment.to, commitment.from + HASH_BYTES))
    bytes.copy(ids, index * ID_BYTES, id.from, id.to)
    taken[index] = 1
    last = seq
  })
  const idAt = (place: number): Id<'rec'> | undefined => {
    const index = place - 1 - from
    const bytes = ids.subarray(index * ID_BYTES, (index + 1) * ID_BYTES)
    return taken[index] === 1 ? idOf('rec', bytes.toString('hex')) : undefined
  }
  return { commitments, idAt, last }
}
