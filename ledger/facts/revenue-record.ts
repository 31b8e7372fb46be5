import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import type { ProductRef } from '../agreements/terms.ts'
import type { FactId } from './decide-facts.ts'
import type { LeadBound, RevenueReport } from './parse-revenue.ts'

/**
 * The record of a revenue event; whose it is goes with the customer's key. A category that was not reported but is the
 * product's is told as such. Each field is named, so that none slips in.
 */
export function revenueRecord(
  source: string,
  event: {
    readonly id: FactId
    readonly report: RevenueReport
    readonly customer: Id<'cus'>
    readonly category: string | undefined
  },
): NewRecord {
  const { id, report, customer, category } = event
  const { externalId, base, asset, minor, occurredAt, product, market, refundOf } = report
  const amount = { base, asset, minor }
  const categoryFrom = category !== undefined && report.category === undefined ? 'PRODUCT' : undefined
  const kind = { product: productData(product), category, categoryFrom, market }
  const about = { occurredAt: occurredAt.toISOString(), ...kind, refundOf }
  const data = { revenueEvent: id, source, externalId, ...amount, ...about }
  return { kind: 'revenue_event', data, personal: { customer, data: { accountKey: report.customer } } }
}

/**
 * The record of a binding, which its partner may have; the lead and the customer go with the customer's key. The
 * contributions that it confirms are named, so that they are known also when the lead is not any more.
 */
export function leadBindingRecord(
  source: string,
  binding: {
    readonly id: FactId
    readonly report: LeadBound
    readonly partner: Id<'ptr'>
    readonly customer: Id<'cus'>
    readonly confirms: readonly Id<'ctr'>[]
  },
): NewRecord {
  const { id, partner, customer, report, confirms } = binding
  const { externalId, partner: partnerCode, lead, customer: accountKey, occurredAt } = report
  const about = { source, externalId, occurredAt: occurredAt.toISOString() }
  const data = { leadBinding: id, partner, partnerCode, ...about, confirms }
  return { kind: 'lead_binding', data, personal: { customer, data: { accountKey, lead } }, partner }
}

function productData(product: ProductRef | undefined): { readonly [key: string]: string } | undefined {
  return product && { source: product.source, externalId: product.externalId }
}
