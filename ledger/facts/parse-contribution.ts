import { z } from 'zod'
import { fingerprintOf } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import type { Money } from '../../kernel/money.ts'
import { assetText } from '../agreements/asset-text.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { CONTRIBUTION_KINDS, type Contribution } from './contribution.ts'
import { amountFields, externalId, keyText, label, minorOf, occurredAt, optional, wholeNumber } from './fact-fields.ts'

/** One contribution as a partner reports it. */
export const contributionItem = z.strictObject({
  externalId,
  kind: z.enum(CONTRIBUTION_KINDS),
  subject: optional(keyText(200)),
  lead: optional(keyText(200)),
  occurredAt,
  quantity: optional(wholeNumber),
  campaign: optional(label),
  market: optional(label),
  product: optional(z.strictObject({ source: keyText(100), externalId })),
  agreement: optional(z.string().max(60)),
  asset: optional(assetText),
  ...amountFields,
})

type ContributionContent = Omit<Contribution, 'id' | 'partner' | 'status' | 'recordedAt' | 'record'>

/** A contribution that was understood; who its customer is is not known yet. */
export type ReportedContribution = ContributionContent & {
  /** The same for the same content, however it was written. */
  readonly fingerprint: string
}

/**
 * Reads one contribution. Throws `INVALID_INPUT` with the field, and `NOT_FOUND` for an agreement whose id is none.
 */
export function parseContribution(value: unknown): ReportedContribution {
  const { asset, amount, minor, quantity, ...item } = parseExactly(contributionItem, value, 'contribution')
  if ((item.subject === undefined) === (item.lead === undefined)) {
    throw fault('subject', 'a contribution names its customer by either subject or lead')
  }
  const units = BigInt(quantity ?? '1')
  if (units < 0n) throw fault('quantity', 'a quantity is not negative')
  const contribution = {
    ...item,
    agreement: item.agreement === undefined ? undefined : agreementId(item.agreement),
    quantity: units,
    value: moneyOf({ asset, amount, minor }),
  }
  return withFingerprint(contribution)
}

/** A contribution with the fingerprint of what was reported. */
export function withFingerprint(contribution: ContributionContent): ReportedContribution {
  const fingerprint = fingerprintOf({ ...contribution, occurredAt: contribution.occurredAt.toISOString() })
  return { ...contribution, fingerprint }
}

/** The refusal of an agreement that is not there, is another partner's, or does not cover the time: all look the same. */
export function noAgreement(): Fault {
  return new Fault('NOT_FOUND', 'there is no such agreement of yours at that time', { field: 'agreement' })
}

function agreementId(text: string): Id<'agr'> {
  if (isId('agr', text)) return text
  throw noAgreement()
}

function moneyOf(given: Pick<z.output<typeof contributionItem>, 'asset' | 'amount' | 'minor'>): Money | undefined {
  const { asset, amount, minor } = given
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
