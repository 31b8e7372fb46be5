import { type Id, idOf } from '../../kernel/ids.ts'
import type { SEALED_COLUMNS } from '../store/copy-sealed.ts'
import type { CopiedRow, Field } from './copied-rows.ts'

/** A place in the log and the record that stands there, as they come in. */
export type CopiedSeal = CopiedRow<(typeof SEALED_COLUMNS)[number]>

/** A place in the log, and the record that stands there, as the tables have them. */
export type SealedRow = {
  readonly seq: number
  readonly id: Id<'rec'>
  readonly commitment: Buffer
  /** `undefined` when there is no such record. */
  readonly record:
    | {
        readonly kind: string
        readonly body: string
        readonly salt: Buffer
        /** Microseconds since 1970. */
        readonly at: bigint
        readonly partner: Id<'ptr'> | undefined
      }
    | undefined
}

/** From where PostgreSQL counts microseconds: 2000-01-01 UTC, in milliseconds since 1970. */
export const EPOCH_MS = 946_684_800_000

/** Reads a row whole. */
export function readSealedRow(row: CopiedSeal): SealedRow {
  const { bytes, seq, id, commitment, kind, salt, body, at, partner } = row
  const take = ({ from, to }: Field): Buffer => Buffer.from(bytes.subarray(from, to))
  return {
    seq: seqOf(row, seq),
    id: idOf('rec', take(id).toString('hex')),
    commitment: take(commitment),
    record:
      kind.from < 0
        ? undefined
        : {
            kind: take(kind).toString(),
            body: take(body).toString(),
            salt: take(salt),
            at: bytes.readBigInt64BE(at.from) + BigInt(EPOCH_MS) * 1000n,
            partner: partner.from < 0 ? undefined : idOf('ptr', take(partner).toString('hex')),
          },
  }
}

/** A whole number of eight bytes that is not beyond what a `number` counts exactly. */
export function seqOf({ bytes }: CopiedSeal, { from }: Field): number {
  return bytes.readInt32BE(from) * 2 ** 32 + bytes.readUInt32BE(from + 4)
}
