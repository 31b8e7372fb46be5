import type { Id } from './ids.ts'

/** What an access token of a partner's client allows. */
export const SCOPES = [
  'customers:read',
  'catalog:read',
  'contributions:write',
  'statements:read',
  'statements:answer',
  'agreements:sign',
  'payouts:write',
  'tags:supply',
  'webhooks:manage',
  'audiences:count',
] as const
export type Scope = (typeof SCOPES)[number]

/** What a member of the broker's staff may do, or one of its systems (`ingest`). */
export const STAFF_ROLES = ['partner-manager', 'finance', 'compliance', 'ingest'] as const
export type StaffRole = (typeof STAFF_ROLES)[number]

/** A partner's client, known by its access token. The token says who calls; what it may do, the database says. */
export type PartnerCaller = {
  readonly kind: 'partner'
  readonly partner: Id<'ptr'>
  readonly client: Id<'cli'>
  readonly scopes: ReadonlySet<Scope>
  readonly requestId: string
}

/** A customer, known by the broker's opaque account key in a token of the broker's identity provider. */
export type CustomerCaller = { readonly kind: 'customer'; readonly accountKey: string; readonly requestId: string }

/** A member of the broker's staff, known by a token of the broker's identity provider. */
export type StaffCaller = {
  readonly kind: 'staff'
  readonly name: string
  readonly roles: ReadonlySet<StaffRole>
  readonly requestId: string
}

/** Whoever is behind a request. */
export type Caller = PartnerCaller | CustomerCaller | StaffCaller
