import type { Scope } from '../../kernel/caller.ts'

/**
 * What a client may be given while its partner leaves: statements and what it answers to them, invoices and accounts, webhooks,
 * and `customers:read`, under which deletions are attested; nothing is disclosed to it any more.
 */
export const EXIT_SCOPES: ReadonlySet<Scope> = new Set<Scope>([
  ...(['statements:read', 'statements:answer', 'payouts:write', 'webhooks:manage', 'customers:read'] as const),
])
