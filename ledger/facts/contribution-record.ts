import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import type { Confirmation } from './confirmation.ts'
import type { ContributionStatus } from './contribution.ts'
import type { FactId } from './decide-facts.ts'
import type { ReportedContribution } from './parse-contribution.ts'

/**
 * The record of a contribution, which its partner may have. Where the customer is known, what names the customer is
 * personal and goes with the customer's key; a lead that nobody has bound yet has no such key and stands in the open.
 * Each field is named, so that none slips in.
 */
export function contributionRecord(
  partner: Id<'ptr'>,
  contribution: {
    readonly id: FactId
    readonly reported: ReportedContribution
    readonly customer: Id<'cus'> | undefined
    readonly confirmation: Confirmation
    readonly status: ContributionStatus
  },
): NewRecord {
  const { id, reported, customer, confirmation, status } = contribution
  const { externalId, kind, subject, lead, agreement, occurredAt, quantity, value, campaign, market, product } =
    reported
  const { course, units, unit, score } = reported
  const about = { agreement, occurredAt: occurredAt.toISOString(), quantity, campaign, market }
  const data = {
    contribution: id,
    partner,
    externalId,
    kind,
    status,
    confirmation: confirmation === 'NONE' ? undefined : confirmation,
    ...about,
    ...{ course, units, unit, score },
    value: value && { asset: value.asset, minor: value.minor },
    product: product && { source: product.source, externalId: product.externalId },
  }
  return customer === undefined
    ? { kind: 'contribution', data: { ...data, lead }, partner }
    : { kind: 'contribution', data, personal: { customer, data: { subject, lead } }, partner }
}

/**
 * The record of who referred a contribution's customer. It is another person's, so it is a record of its own, and what
 * names that person goes with that person's key.
 */
export function referrerRecord(
  partner: Id<'ptr'>,
  {
    contribution,
    customer,
    subject,
  }: { readonly contribution: FactId; readonly customer: Id<'cus'>; readonly subject: string },
): NewRecord {
  return {
    kind: 'contribution_referrer',
    data: { contribution, partner },
    personal: { customer, data: { subject } },
    partner,
  }
}
