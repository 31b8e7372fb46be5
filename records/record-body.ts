import type { Actor } from '../kernel/actor.ts'
import { type CanonicalValue, canonicalJson } from '../kernel/canonical-json.ts'
import type { Id } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'

/** What the log keeps: one kind for each sort of fact. A kind is public and is never renamed. */
export type RecordKind =
  | 'programme'
  | 'terms'
  | 'terms_proposal'
  | 'terms_signature'
  | 'agreement'
  | 'reserve'
  | 'agreement_proposal'
  | 'contract_document'
  | 'contribution'
  | 'contribution_referrer'
  | 'contribution_decision'
  | 'confirmation_requirement'
  | 'lead_binding'
  | 'revenue_event'
  | 'journal_entry'
  | 'statement'
  | 'period'
  | 'consent'
  | 'partner'
  | 'client'
  | 'capability'
  | 'application'
  | 'assessment'
  | 'conformance'
  | 'offboarding'
  | 'scorecard'
  | 'complaint'
  | 'complaint_notice'
  | 'webhook_endpoint'
  | 'import'
  | 'product'
  | 'purpose'
  | 'notice'
  | 'tag_definition'
  | 'supplied_tag'
  | 'customer'
  | 'preference'
  | 'reference'
  | 'deletion'
  | 'subject_rotation'
  | 'staff_case'
  | 'staff_read'
  | 'disclosure_batch'
  | 'alert'
  | 'incident'
  | 'earning'
  | 'adjustment'
  | 'payout_address'
  | 'payout_round'
  | 'payout_claim'
  | 'points'
  | 'acceptance'
  | 'dispute'
  | 'bank_account'
  | 'own_account'
  | 'invoice'
  | 'payout_batch'
  | 'payout'
  | 'bank_statement'
  | 'bank_match'
  | 'bank_break'
  | 'write_off'
  | 'repayment'
  | 'opening_balance'
  | 'reward'

/** The members of a record, before they are written as canonical JSON. */
export type RecordData = { readonly [key: string]: CanonicalValue | undefined }

/** What is personal in a body: readable for us alone, and only while the customer's key exists. */
export type SealedPersonal = {
  /** Whose it is: the customer's id, encrypted afresh in each record, so that two partners' records cannot be joined. */
  readonly owner: string
  /** The data, encrypted under that customer's key. */
  readonly sealed: string
}

export type BodyParts = {
  readonly id: Id<'rec'>
  readonly kind: RecordKind
  readonly actor: Actor
  readonly at: Date
  readonly data: RecordData
  /** The partner who may have the record. */
  readonly partner?: Id<'ptr'> | undefined
  readonly personal?: SealedPersonal | undefined
}

/** A body read back; integers stand in it as text. */
export type RecordBody = {
  readonly id: Id<'rec'>
  readonly kind: RecordKind
  readonly actor: Actor
  readonly at: string
  readonly data: Readonly<Record<string, unknown>>
  readonly partner?: Id<'ptr'>
  readonly personal?: SealedPersonal
}

const VERSION = '1'

/**
 * The bytes that are hashed and handed out: canonical JSON (RFC 8785, integers as text) of version, id, kind, actor,
 * time (RFC 3339, milliseconds, UTC), data and what else there is. The frame is written out in its sorted order,
 * because sorting it again for each of a million records is what would cost most.
 */
export function writeBody({ id, kind, actor, at, data, partner, personal }: BodyParts): string {
  const sealed = personal === undefined ? '' : `"personal":${canonicalJson(personal)},`
  const shared = partner === undefined ? '' : `"partner":"${partner}",`
  const frame = `{"actor":${canonicalJson(actor)},"at":"${at.toISOString()}","data":${canonicalJson(data)}`
  return `${frame},"id":"${id}","kind":"${kind}",${shared}${sealed}"v":"${VERSION}"}`
}

/** Reads a body that we wrote. Throws `InvariantViolation` when it is none: it was changed, or a later version wrote it. */
export function readBody(text: string): RecordBody {
  const body = parseJson(text)
  invariant(isBody(body), 'a record has a body that this version did not write')
  return body
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isBody(value: unknown): value is RecordBody & { readonly v: string } {
  if (!isObject(value) || value['v'] !== VERSION || !isObject(value['data'])) return false
  const { partner = '', personal = { owner: '', sealed: '' } } = value
  const texts = [value['id'], value['kind'], value['actor'], value['at'], partner]
  if (!isObject(personal)) return false
  return [...texts, personal['owner'], personal['sealed']].every((member) => typeof member === 'string')
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
