import type { Transaction } from '../../database/client.ts'
import { type Id, idOf } from '../../kernel/ids.ts'
import { HASH_BYTES } from '../merkle/hashes.ts'
import { copyRecords, copySeals, RECORD_COLUMNS, readByIndex, SEALS_COLUMNS } from '../store/copy-log.ts'
import type { OrderKey, Places } from '../store/sealed-records.ts'
import { type Field, visitRows } from './copied-rows.ts'
import { COMMITMENT_AT, ID_AT, isSurelySound, SEALED_BYTES } from './scan-records.ts'

/** What is sealed in some places, and that nothing is wrong with it. */
export type InStep = {
  /** One after the other, one for each place. */
  readonly commitments: Buffer
  readonly idAt: (place: number) => Id<'rec'>
  /** The record in the last place, in the log's order. */
  readonly last: OrderKey
}

/** Before every record, in the log's order. */
export const BEGINNING: OrderKey = { txId: '0', recordId: '00000000-0000-0000-0000-000000000000' }

/**
 * Reads seals by their places and records in the log's own order, side by side: in a sound log the two are the same, and
 * neither need be looked up by the other. Returns what is sealed when each place has its record, each record has its
 * place, and each is the one that was sealed. `undefined` when anything differs: {@link lookAtEach} then says what.
 */
export async function readInStep(tx: Transaction, places: Places): Promise<InStep | undefined> {
  const count = places.to - places.from
  await readByIndex(tx)
  const { sealed, after, upTo } = await readSealed(tx, places)
  if (!after || !upTo || sealed.length !== count * SEALED_BYTES) return undefined
  let met = 0
  let sound = true
  await visitRows(await copyRecords(tx, { after, upTo }), RECORD_COLUMNS, (record) => {
    const at = { place: places.from + met + 1, sealed, offset: met * SEALED_BYTES }
    sound &&= met < count && isSurelySound(record, at)
    met += 1
  })
  if (!sound || met !== count) return undefined
  return { commitments: commitmentsIn(sealed), idAt: (place) => idIn(sealed, place - 1 - places.from), last: upTo }
}

type Sealed = {
  readonly sealed: Buffer
  readonly after: OrderKey | undefined
  readonly upTo: OrderKey | undefined
}

async function readSealed(tx: Transaction, places: Places): Promise<Sealed> {
  let read: Sealed = { sealed: Buffer.alloc(0), after: undefined, upTo: undefined }
  await visitRows(await copySeals(tx, places), SEALS_COLUMNS, ({ bytes, after, upTo, sealed }) => {
    const keyOf = ({ from, to }: Field): OrderKey | undefined => {
      const [txId, recordId] = from < 0 ? [] : bytes.toString('latin1', from, to).split(' ')
      return txId === undefined || recordId === undefined ? undefined : { txId, recordId }
    }
    const begin = places.from === 0 ? BEGINNING : keyOf(after)
    read = { sealed: bytes.subarray(Math.max(0, sealed.from), sealed.to), after: begin, upTo: keyOf(upTo) }
  })
  return read
}

function commitmentsIn(sealed: Buffer): Buffer {
  const commitments = Buffer.allocUnsafe((sealed.length / SEALED_BYTES) * HASH_BYTES)
  for (let at = 0, offset = 0; offset < sealed.length; at += HASH_BYTES, offset += SEALED_BYTES) {
    sealed.copy(commitments, at, offset + COMMITMENT_AT, offset + SEALED_BYTES)
  }
  return commitments
}

function idIn(sealed: Buffer, index: number): Id<'rec'> {
  const offset = index * SEALED_BYTES
  return idOf('rec', sealed.toString('hex', offset + ID_AT, offset + COMMITMENT_AT))
}
