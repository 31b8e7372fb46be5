import { HASH_BYTES, sha256Text } from '../merkle/hashes.ts'
import type { RECORD_COLUMNS } from '../store/copy-log.ts'
import type { CopiedRow, Field } from './copied-rows.ts'
import { areBytesAt, isHexAt, isTextAt, TIME_BYTES, timeAt } from './match-bytes.ts'

/** A record as it comes in. */
export type CopiedRecord = CopiedRow<(typeof RECORD_COLUMNS)[number]>

/** A place, and what is sealed in it: bytes of {@link copySeals}, and where it begins in them. */
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
 * Whether a record is surely the one that was sealed: its hash is the commitment, and its columns are where a body has
 * them. A body is written in one fixed frame (`writeBody`), so that bytes can be compared and nothing need be parsed. What
 * is not surely sound is for {@link checkRecord} to judge.
 */
export function isSurelySound(record: CopiedRecord, place: SealedAt): boolean {
  return isInPlace(record, place) && isAsSealed(record, place) && isOfItsTime(record) && endsWithItsColumns(record)
}

function isInPlace({ bytes, id }: CopiedRecord, { place, sealed, offset }: SealedAt): boolean {
  const seq = sealed.readUInt32BE(offset) * 2 ** 32 + sealed.readUInt32BE(offset + 4)
  return seq === place && areBytesAt(sealed, offset + ID_AT, bytes, id.from, id.to)
}

/** What is hashed; nothing is awaited while it is in use. */
let preimage: Buffer = Buffer.alloc(4096)

function isAsSealed({ bytes, salt, body }: CopiedRecord, { sealed, offset }: SealedAt): boolean {
  const length = sizeOf(salt) + sizeOf(body)
  if (length > preimage.length) preimage = Buffer.alloc(2 * length)
  bytes.copy(preimage, 0, salt.from, salt.to)
  bytes.copy(preimage, sizeOf(salt), body.from, body.to)
  return isTextAt(sealed, offset + COMMITMENT_AT, sha256Text(preimage.subarray(0, length)))
}

function sizeOf({ from, to }: Field): number {
  return to - from
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
function endsWithItsColumns(record: CopiedRecord): boolean {
  const { bytes, body } = record
  const end = body.to - END.length
  if (!isTextAt(bytes, end, END)) return false
  return endsAt(record, end) || endsAt(record, end - personalBytes(bytes.toString('latin1', body.from, end)))
}

/** Looks at the columns backwards from where they end in the body. */
function endsAt({ bytes, id, kind, body, partner }: CopiedRecord, end: number): boolean {
  const sharedAt = partner.from < 0 ? end : end - PARTNER.length - 2 * sizeOf(partner) - 1
  const kindAt = sharedAt - KIND.length - sizeOf(kind) - 1
  const idAt = kindAt - ID.length - 2 * sizeOf(id)
  if (idAt <= body.from || bytes[sharedAt - 1] !== QUOTE || bytes[end - 1] !== QUOTE) return false
  return (
    isTextAt(bytes, idAt, ID) &&
    isHexAt(bytes, idAt + ID.length, bytes, id.from, id.to) &&
    isTextAt(bytes, kindAt, KIND) &&
    areBytesAt(bytes, kindAt + KIND.length, bytes, kind.from, kind.to) &&
    (partner.from < 0 ||
      (isTextAt(bytes, sharedAt, PARTNER) &&
        isHexAt(bytes, sharedAt + PARTNER.length, bytes, partner.from, partner.to)))
  )
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
