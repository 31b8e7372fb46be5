/** What partners can be told of. A type is public and is never renamed. */
export const EVENT_TYPES = [
  'consent.authorised',
  'consent.suspended',
  'consent.revoked',
  'consent.expired',
  'consent.consumed',
  'consent.superseded',
  'consent.rejected',
  'consent.lapsed',
  'statement.issued',
  'payout.paid',
  'payout.rejected',
  'payout.returned',
  'partner.status_changed',
  'partner.capability_changed',
  'partner.exit_changed',
  'partner.complaint',
  'client.changed',
  'client.keys_due',
] as const
export type EventType = (typeof EVENT_TYPES)[number]
