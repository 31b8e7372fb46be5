import { HASH_BYTES, sha256Text } from '../merkle/hashes.ts'
import type { COPIED_COLUMNS } from '../store/copy-records.ts'
import type { CopiedRow, Field } from './copied-rows.ts'
import { areBytesAt, isHexAt, isTextAt, TIME_BYTES, timeAt } from './match-bytes.ts'

/** A record as it comes in. */
export type CopiedRecord = CopiedRow<(typeof COPIED_COLUMNS)[number]>

/** A place, and what is sealed in it: a row of {@link selectSealedBytes}, and where it begins. */
export type SealedAt = { readonly place: number; readonly sealed: Buffer; readonly offset: number }

const SEQ_BYTES = 8
const UUID_BYTES = 16
/** Where in the bytes of a place its parts stand, and how many there are. */
export const ID_AT = SEQ_BYTES
export const COMMITMENT_AT: number = ID_AT + UUID_BYTES
export const SEALED_BYTES: number = COMMITMENT_AT + HASH_BYTES

/** From where PostgreSQL counts microseconds: 2000-01-01 UTC, in milliseconds since 1970. */
const EPOCH_MS = 946_684_800_000
const QUOTE = 34
const BACKSLASH = 92
const PERSONAL_MEMBER = /,"personal":\{"owner":"[A-Za-z0-9+/=]+","sealed":"[A-Za-z0-9+/=]+"\}$/

/**
 * Makes what looks at records one after the other and tells whether one is surely the one that was sealed: its hash is
 * the commitment, and its columns are where a body has them. A body is written in one fixed frame (`writeBody`), so that
 * bytes can be compared and nothing need be parsed. What is not surely sound is for {@link checkRecord} to judge.
 */
export function recordScanner(): (record: CopiedRecord, place: SealedAt) => boolean {
  let preimage: Buffer = Buffer.alloc(4096)
  const isAsSealed = ({ bytes, salt, body }: CopiedRecord, { sealed, offset }: SealedAt): boolean => {
    const length = sizeOf(salt) + sizeOf(body)
    if (length > preimage.length) preimage = Buffer.alloc(2 * length)
    bytes.copy(preimage, 0, salt.from, salt.to)
    bytes.copy(preimage, sizeOf(salt), body.from, body.to)
    return isTextAt(sealed, offset + COMMITMENT_AT, sha256Text(preimage.subarray(0, length)))
  }
  return (record, place) =>
    isInPlace(record, place) && isAsSealed(record, place) && isOfItsTime(record) && endsWithItsColumns(record)
}

function sizeOf({ from, to }: Field): number {
  return to - from
}

function isInPlace({ bytes, id }: CopiedRecord, { place, sealed, offset }: SealedAt): boolean {
  const seq = sealed.readUInt32BE(offset) * 2 ** 32 + sealed.readUInt32BE(offset + 4)
  return seq === place && areBytesAt(sealed, offset + ID_AT, bytes, id.from, id.to)
}

/** `{"actor":"…","at":"2026-03-15T08:00:00.000Z","data":{`. */
function isOfItsTime({ bytes, body, at }: CopiedRecord): boolean {
  const actor = body.from + ACTOR.length
  let end = actor
  while (end < body.to && bytes[end] !== QUOTE && bytes[end] !== BACKSLASH) end += 1
  const time = end + AT.length
  if (!isTextAt(bytes, body.from, ACTOR) || !isTextAt(bytes, end, AT)) return false
  if (!isTextAt(bytes, time + TIME_BYTES, DATA)) return false
  // exact for 285 years on each side of 2000
  const microseconds = bytes.readInt32BE(at.from) * 2 ** 32 + bytes.readUInt32BE(at.from + 4)
  return (timeAt(bytes, time) - EPOCH_MS) * 1000 === microseconds
}

const ACTOR = '{"actor":"'
const AT = '","at":"'
const DATA = '","data":{'

/** `},"id":"rec_…","kind":"…","partner":"ptr_…","v":"1"}`: of members with one name, JSON takes the last. */
function endsWithItsColumns({ bytes, id, kind, body, partner }: CopiedRecord): boolean {
  const shared = partner.from < 0 ? 0 : PARTNER.length + 2 * sizeOf(partner) + 1
  const length = ID.length + 2 * sizeOf(id) + KIND.length + sizeOf(kind) + 1 + shared
  const isFrom = (begin: number): boolean => {
    const kindAt = begin + ID.length + 2 * sizeOf(id)
    const sharedAt = kindAt + KIND.length + sizeOf(kind) + 1
    return (
      begin > body.from &&
      isTextAt(bytes, begin, ID) &&
      isHexAt(bytes, begin + ID.length, bytes, id.from, id.to) &&
      isTextAt(bytes, kindAt, KIND) &&
      areBytesAt(bytes, kindAt + KIND.length, bytes, kind.from, kind.to) &&
      bytes[sharedAt - 1] === QUOTE &&
      (shared === 0 ||
        (isTextAt(bytes, sharedAt, PARTNER) &&
          isHexAt(bytes, sharedAt + PARTNER.length, bytes, partner.from, partner.to) &&
          bytes[sharedAt + shared - 1] === QUOTE))
    )
  }
  if (!isTextAt(bytes, body.to - END.length, END)) return false
  const begin = body.to - END.length - length
  return isFrom(begin) || isFrom(begin - personalBytes(bytes.toString('latin1', body.from, body.to - END.length)))
}

const ID = '},"id":"rec_'
const KIND = '","kind":"'
const PARTNER = ',"partner":"ptr_'
const END = ',"v":"1"}'

/** How long the member is that holds what is personal, at the end of a body less its version. */
function personalBytes(text: string): number {
  const begin = text.lastIndexOf(',"personal":')
  return begin !== -1 && PERSONAL_MEMBER.test(text.slice(begin)) ? text.length - begin : 0
}
