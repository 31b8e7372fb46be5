import { v7 } from 'uuid'
import { sha256Hex } from './digest.ts'
import { Fault } from './fault.ts'

/** The prefixes of our ids, one for each thing that has one. */
export const ID_PREFIXES = [
  'acc', // account
  'adj', // manual adjustment
  'adq', // question of an audience
  'agr', // agreement
  'alr', // alert
  'anc', // anchor that is to be published
  'app', // application of a partner
  'apr', // proposal of an agreement
  'asm', // assessment of a partner
  'bka', // bank account of a partner
  'bke', // entry of a bank statement
  'brk', // break of a reconciliation
  'bst', // bank statement
  'cas', // case of the staff
  'cfr', // conformance run
  'cli', // client
  'cns', // consent
  'cpl', // complaint about a partner
  'ctr', // contribution
  'cus', // customer
  'dis', // disclosure
  'doc', // contract document
  'dsp', // dispute
  'eml', // mail that waits
  'ern', // earning
  'evt', // message to a partner
  'icd', // incident
  'imp', // import
  'inv', // invoice
  'jre', // journal entry
  'led', // lead
  'obk', // bank account of ours
  'ofb', // exit of a partner
  'opn', // opening balances
  'pad', // payout address
  'per', // period
  'pob', // batch of payouts
  'pol', // statement line
  'prd', // product
  'prg', // programme
  'pta', // points account
  'ptl', // lot of points
  'ptm', // move of points
  'ptr', // partner
  'pyr', // payout round
  'pyt', // payout
  'rec', // record
  'rev', // revenue event
  'scd', // scorecard of a partner
  'srd', // look of the staff
  'sta', // statement
  'tpr', // proposal of terms
  'trm', // terms
  'whe', // webhook endpoint
  'wof', // write-off
] as const

export type IdPrefix = (typeof ID_PREFIXES)[number]

/** An id over a UUIDv7, `ptr_0198…` (32 hexadecimal digits): a mix-up does not compile and a log reads well. */
export type Id<P extends IdPrefix> = `${P}_${string}`

/** A new id; ids made by one process ascend, also within one millisecond (RFC 9562 §6.2). */
export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return idOf(prefix, v7())
}

/**
 * The id that a thing always has by its name, in whichever database it is written: a UUIDv8 (RFC 9562 §5.8) out of the
 * name's SHA-256. Beside another id it begins with that one's time, so that ids of parts are near each other in an index.
 */
export function namedId<P extends IdPrefix>(prefix: P, name: string, beside?: Id<IdPrefix>): Id<P> {
  const digest = sha256Hex(`${prefix}:${name}`)
  const time = (beside === undefined ? digest : uuidOf(beside)).slice(0, 12)
  const variant = (0x8 | (Number.parseInt(digest.slice(15, 16), 16) & 0x3)).toString(16)
  return `${prefix}_${time}8${digest.slice(12, 15)}${variant}${digest.slice(16, 31)}`
}

/** The id for a database `uuid`. */
export function idOf<P extends IdPrefix>(prefix: P, uuid: string): Id<P> {
  return `${prefix}_${uuid.replaceAll('-', '')}`
}

/** The database `uuid` (hexadecimal digits without dashes, as PostgreSQL accepts them) inside an id. */
export function uuidOf(id: Id<IdPrefix>): string {
  return id.slice(id.indexOf('_') + 1)
}

/** Reads an id that came from outside. Throws `NOT_FOUND`: what is no id of ours names nothing. */
export function parseId<P extends IdPrefix>(prefix: P, text: string): Id<P> {
  if (!isId(prefix, text)) throw new Fault('NOT_FOUND', `there is no ${JSON.stringify(text.slice(0, 60))} here`)
  return text
}

/** Whether a text has the form of an id with this prefix. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is Id<P> {
  return text.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(text.slice(prefix.length + 1))
}
