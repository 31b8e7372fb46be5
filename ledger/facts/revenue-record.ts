import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import type { ProductRef } from '../agreements/terms.ts'
import type { FactId } from './decide-facts.ts'
import type { LeadBound, RevenueReport } from './parse-revenue.ts'

/**
 * The record of a revenue event; whose it is goes with the customer's key. Each field is named, so that none slips in.
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
  const about = { occurredAt: occurredAt.toISOString(), product: productData(product), category, market, refundOf }
  const data = { revenueEvent: id, source, externalId, ...amount, ...about }
  return { kind: 'revenue_event', data, personal: { customer, data: { accountKey: report.customer } } }
}

/** The record of a binding, which its partner may have; the lead and the customer go with the customer's key. */
export function leadBindingRecord(
  source: string,
  binding: {
    readonly id: FactId
    readonly report: LeadBound
    readonly partner: Id<'ptr'>
    readonly customer: Id<'cus'>
  },
): NewRecord {
  const { id, partner, customer, report } = binding
  const { externalId, lead, customer: accountKey, occurredAt } = report
  const data = { leadBinding: id, partner, source, externalId, occurredAt: occurredAt.toISOString() }
  return { kind: 'lead_binding', data, personal: { customer, data: { accountKey, lead } }, partner }
}

function productData(product: ProductRef | undefined): { readonly [key: string]: string } | undefined {
  return product && { source: product.source, externalId: product.externalId }
}
