import { z } from 'zod'
import { fingerprintOf } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Asset } from '../../kernel/money.ts'
import { assetText } from '../agreements/asset-text.ts'
import { invalid, parseExactly } from '../agreements/parse-exactly.ts'
import { type ProductRef, REVENUE_BASES, type RevenueBase } from '../agreements/terms.ts'
import { decisionReason } from './decision-reason.ts'
import { amountFields, externalId, keyText, label, minorOf, occurredAt, optional } from './fact-fields.ts'

const accountKey = keyText(128)

const revenueLine = z.strictObject({
  type: z.literal('revenue'),
  externalId,
  customer: accountKey,
  base: z.enum(REVENUE_BASES),
  asset: assetText,
  ...amountFields,
  occurredAt,
  product: optional(externalId),
  productSource: optional(keyText(100)),
  category: optional(label),
  market: optional(label),
  refundOf: optional(externalId),
})

const leadBoundLine = z.strictObject({
  type: z.literal('lead_bound'),
  externalId,
  partner: keyText(60),
  lead: keyText(200),
  customer: accountKey,
  occurredAt,
})

const decided = { externalId, partner: keyText(60), contributionExternalId: externalId, occurredAt }
const confirmedLine = z.strictObject({
  type: z.literal('contribution_confirmed'),
  ...decided,
  reason: optional(decisionReason),
})
const rejectedLine = z.strictObject({ type: z.literal('contribution_rejected'), ...decided, reason: decisionReason })

/**
 * One fact of the broker: what a customer brought in, which customer a partner's lead is, or that a contribution is
 * confirmed or rejected.
 */
export const revenueItem = z.discriminatedUnion('type', [revenueLine, leadBoundLine, confirmedLine, rejectedLine])

/** What all kinds of fact have. */
type BrokerFact = {
  /** The key that makes it idempotent. */
  readonly externalId: string
  /** The same for the same content, however it was written. */
  readonly fingerprint: string
  readonly occurredAt: Date
}

/** A fact about a customer, named by account key. */
type CustomerFact = BrokerFact & { readonly customer: string }

export type RevenueReport = CustomerFact & {
  readonly type: 'revenue'
  readonly base: RevenueBase
  readonly asset: Asset
  readonly minor: bigint
  readonly product: ProductRef | undefined
  readonly category: string | undefined
  readonly market: string | undefined
  readonly refundOf: string | undefined
}

export type LeadBound = CustomerFact & {
  readonly type: 'lead_bound'
  /** Partner's code. */
  readonly partner: string
  readonly lead: string
}

export type ContributionDecided = BrokerFact & {
  readonly type: 'contribution_confirmed' | 'contribution_rejected'
  /** Partner's code. */
  readonly partner: string
  /** The partner's own key. */
  readonly contributionExternalId: string
  readonly reason: string | undefined
}

/** Whatever the broker can state. */
export type BrokerReport = RevenueReport | LeadBound | ContributionDecided

/** Reads one fact of the broker; a product without a source is one of the fact's own source. Throws `INVALID_INPUT`. */
export function parseRevenue(value: unknown, source: string): BrokerReport {
  const line = parseExactly(revenueItem, value, 'fact')
  return line.type === 'revenue' ? fingerprinted(revenueOf(line, source)) : fingerprinted(line)
}

/** A fact with the fingerprint of what was reported. */
export function fingerprinted<F extends Unmarked<RevenueReport> | Unmarked<LeadBound> | Unmarked<ContributionDecided>>(
  fact: F,
): F & Pick<BrokerFact, 'fingerprint'> {
  return { ...fact, fingerprint: fingerprintOf({ ...fact, occurredAt: fact.occurredAt.toISOString() }) }
}

type Unmarked<F> = Omit<F, 'fingerprint'>

/** Reads the name of the system that states facts. Throws `INVALID_INPUT`. */
export function parseSource(value: unknown): string {
  const known = keyText(100).safeParse(value)
  if (known.success) return known.data
  throw invalid('source', [], 'a source is a text of 1 to 100 characters')
}

function revenueOf(
  { product, productSource, amount, minor, ...line }: z.output<typeof revenueLine>,
  source: string,
): Omit<RevenueReport, 'fingerprint'> {
  if (productSource !== undefined && product === undefined) throw fault('productSource', 'it goes with a product')
  const units = minorOf({ amount, minor }, line.asset)
  if (line.refundOf !== undefined && units >= 0n) throw fault('amount', 'the amount of a refund is negative')
  if (line.refundOf === line.externalId) throw fault('refundOf', 'a fact does not refund itself')
  const ref = product === undefined ? undefined : { source: productSource ?? source, externalId: product }
  return { ...line, minor: units, product: ref }
}

function fault(field: string, why: string): Fault {
  return new Fault('INVALID_INPUT', `fact: ${field}: ${why}`, { field })
}
