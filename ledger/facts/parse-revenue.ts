import { z } from 'zod'
import { fingerprintOf } from '../../kernel/digest.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Asset } from '../../kernel/money.ts'
import { assetText } from '../agreements/asset-text.ts'
import { invalid, parseExactly } from '../agreements/parse-exactly.ts'
import { type ProductRef, REVENUE_BASES, type RevenueBase } from '../agreements/terms.ts'
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

/** One fact of the broker: what a customer brought in, or which customer a partner's lead is. */
export const revenueItem = z.discriminatedUnion('type', [revenueLine, leadBoundLine])

/** What both kinds of fact have: the key that makes them idempotent, and whose they are. */
type BrokerFact = {
  readonly externalId: string
  /** The same for the same content, however it was written. */
  readonly fingerprint: string
  /** The customer's account key. */
  readonly customer: string
  readonly occurredAt: Date
}

export type RevenueReport = BrokerFact & {
  readonly type: 'revenue'
  readonly base: RevenueBase
  readonly asset: Asset
  readonly minor: bigint
  readonly product: ProductRef | undefined
  readonly category: string | undefined
  readonly market: string | undefined
  readonly refundOf: string | undefined
}

export type LeadBound = BrokerFact & {
  readonly type: 'lead_bound'
  /** Partner's code. */
  readonly partner: string
  readonly lead: string
}

/** Reads one fact of the broker; a product without a source is one of the fact's own source. Throws `INVALID_INPUT`. */
export function parseRevenue(value: unknown, source: string): RevenueReport | LeadBound {
  const line = parseExactly(revenueItem, value, 'fact')
  return line.type === 'revenue' ? fingerprinted(revenueOf(line, source)) : fingerprinted(line)
}

/** A fact with the fingerprint of what was reported. */
export function fingerprinted<F extends Omit<RevenueReport, 'fingerprint'> | Omit<LeadBound, 'fingerprint'>>(
  fact: F,
): F & Pick<BrokerFact, 'fingerprint'> {
  return { ...fact, fingerprint: fingerprintOf({ ...fact, occurredAt: fact.occurredAt.toISOString() }) }
}

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
