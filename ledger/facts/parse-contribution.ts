import { fingerprintOf } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import type { Money } from '../../kernel/money.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import type { Contribution } from './contribution.ts'
import { type ContributionItem, contributionItem } from './contribution-item.ts'
import { minorOf } from './fact-fields.ts'
import { FIELDS_OF_KIND, strangersTo } from './fields-of-kind.ts'

type Ours = 'id' | 'partner' | 'confirmation' | 'status' | 'decision' | 'recordedAt' | 'record'
type ContributionContent = Omit<Contribution, Ours>

/** A contribution that was understood; who its customer is is not known yet. */
export type ReportedContribution = ContributionContent & {
  /** The same for the same content, however it was written; of who referred the customer it says nothing. */
  readonly fingerprint: string
}

/** A contribution as it was reported. */
export type ParsedContribution = {
  readonly reported: ReportedContribution
  /** Subject of the customer who referred. */
  readonly referrer: string | undefined
}

/**
 * Reads one contribution. Throws `INVALID_INPUT` with the field, also for one that does not go with the kind, and
 * `NOT_FOUND` for an agreement whose id is none.
 */
export function parseContribution(value: unknown): ParsedContribution {
  const item = parseExactly(contributionItem, value, 'contribution')
  requireFields(item)
  const { asset, amount, minor, quantity, units, score, referrer, agreement, ...rest } = item
  const reported = withFingerprint({
    ...rest,
    agreement: agreement === undefined ? undefined : agreementId(agreement),
    quantity: countOf(quantity ?? '1', 'quantity'),
    units: units === undefined ? undefined : countOf(units, 'units'),
    score: score === undefined ? undefined : countOf(score, 'score'),
    value: moneyOf({ asset, amount, minor }),
  })
  requireProgress(reported)
  return { reported, referrer }
}

/** A contribution with the fingerprint of what was reported; a field that is absent is not in it. */
export function withFingerprint(contribution: ContributionContent): ReportedContribution {
  const fingerprint = fingerprintOf({ ...contribution, occurredAt: contribution.occurredAt.toISOString() })
  return { ...contribution, fingerprint }
}

/** The refusal of an agreement that is not there, is another partner's, or does not cover the time: all look the same. */
export function noAgreement(): Fault {
  return new Fault('NOT_FOUND', 'there is no such agreement of yours at that time', { field: 'agreement' })
}

function requireFields(item: ContributionItem): void {
  const { kind, subject, lead } = item
  const { needs, anonymous } = FIELDS_OF_KIND[kind]
  const names = [subject, lead].filter((name) => name !== undefined).length
  if (names === 2) throw fault('subject', 'a contribution names its customer by either subject or lead, not by both')
  if (names === 0 && !anonymous) throw fault('subject', 'a contribution names its customer by either subject or lead')
  const stranger = strangersTo(kind).find((field) => item[field] !== undefined)
  if (stranger !== undefined) throw fault(stranger, `it does not go with ${kind}`)
  const missing = needs.find((field) => item[field] === undefined)
  if (missing !== undefined) throw fault(missing, `${kind} needs it`)
}

/** A course has units, and no more of them are done than there are. */
function requireProgress({ units, quantity }: ReportedContribution): void {
  if (units === undefined) return
  if (units === 0n) throw fault('units', 'a course has at least one unit')
  if (quantity > units) throw fault('quantity', 'no more of a course is done than it has units')
}

function agreementId(text: string): Id<'agr'> {
  if (isId('agr', text)) return text
  throw noAgreement()
}

function countOf(text: string, field: 'quantity' | 'units' | 'score'): bigint {
  const count = BigInt(text)
  if (count < 0n) throw fault(field, 'it is not negative')
  return count
}

function moneyOf({ asset, amount, minor }: Pick<ContributionItem, 'asset' | 'amount' | 'minor'>): Money | undefined {
  if (asset === undefined) {
    if (amount === undefined && minor === undefined) return undefined
    throw fault('asset', 'an amount needs its asset')
  }
  const units = minorOf({ amount, minor }, asset)
  if (units < 0n) throw fault('amount', 'an amount is not negative')
  return { asset, minor: units }
}

function fault(field: string, why: string): Fault {
  return new Fault('INVALID_INPUT', `contribution: ${field}: ${why}`, { field })
}
