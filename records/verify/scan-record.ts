import { HASH_BYTES, sha256Text } from '../merkle/hashes.ts'
import type { Field } from './copied-rows.ts'
import { type CopiedSeal, EPOCH_MS, seqOf } from './sealed-row.ts'

/** How a body begins (`writeBody`), a character for each byte: the actor, then the time. */
const HEAD = /^\{"actor":"[^"\\]*","at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","data":\{/
const LONGEST_HEAD = 256
const END = ',"v":"1"}'
const PERSONAL = ',"personal":{"owner":"'
const PERSONAL_END = /^,"personal":\{"owner":"[A-Za-z0-9+/=]+","sealed":"[A-Za-z0-9+/=]+"\}$/

/**
 * Makes what looks at records one after the other and tells whether one is surely sound: its hash is the sealed one, and
 * its columns stand where its body has them. A body is written in one fixed frame, so that bytes can be compared and
 * nothing need be parsed. Whatever is not surely sound is for {@link checkRecord} to judge.
 */
export function recordScanner(): (row: CopiedSeal) => boolean {
  let preimage: Buffer = Buffer.alloc(4096)
  // records of one transaction begin alike
  let head = { text: '', microseconds: 0 }
  const isAsSealed = ({ bytes, commitment, salt, body }: CopiedSeal): boolean => {
    const length = sizeOf(salt) + sizeOf(body)
    if (length > preimage.length) preimage = Buffer.alloc(2 * length)
    bytes.copy(preimage, 0, salt.from, salt.to)
    bytes.copy(preimage, sizeOf(salt), body.from, body.to)
    const hashed = sha256Text(preimage.subarray(0, length))
    return sizeOf(commitment) === HASH_BYTES && bytes.toString('latin1', commitment.from, commitment.to) === hashed
  }
  const isOfItsTime = (row: CopiedSeal): boolean => {
    const { bytes, body, at } = row
    if (bytes.toString('latin1', body.from, Math.min(body.to, body.from + head.text.length)) !== head.text) {
      head = readHead(bytes.toString('latin1', body.from, Math.min(body.to, body.from + LONGEST_HEAD)))
    }
    return head.text !== '' && seqOf(row, at) === head.microseconds
  }
  return (row) => row.kind.from >= 0 && isAsSealed(row) && isOfItsTime(row) && endsWithItsColumns(row)
}

function sizeOf({ from, to }: Field): number {
  return to - from
}

/** The beginning of a body and its time, in microseconds as PostgreSQL counts them; empty when it begins otherwise. */
function readHead(begin: string): { readonly text: string; readonly microseconds: number } {
  const [text = '', time = ''] = HEAD.exec(begin) ?? []
  return { text, microseconds: (Date.parse(time) - EPOCH_MS) * 1000 }
}

/** Members behind the data; those of JSON that stand last are the ones that count. */
function endsWithItsColumns({ bytes, id, kind, body, partner }: CopiedSeal): boolean {
  const shared = partner.from < 0 ? '' : `,"partner":"ptr_${bytes.toString('hex', partner.from, partner.to)}"`
  const columns = `},"id":"rec_${bytes.toString('hex', id.from, id.to)}","kind":"${bytes.toString('latin1', kind.from, kind.to)}"${shared}`
  const whole = columns + END
  if (bytes.toString('latin1', Math.max(body.from, body.to - whole.length), body.to) === whole) return true
  return endsWithPersonal(bytes.toString('latin1', body.from, body.to), columns)
}

function endsWithPersonal(body: string, columns: string): boolean {
  const personal = body.lastIndexOf(PERSONAL)
  if (personal === -1 || !body.endsWith(END) || !body.endsWith(columns, personal)) return false
  return PERSONAL_END.test(body.slice(personal, -END.length))
}
