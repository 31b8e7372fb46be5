import { boolean, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Scope } from '../kernel/caller.ts'
import type { ClientStatus, TokenBinding } from './client.ts'
import type { PublicJwks } from './jwks.ts'
import type { PartnerKind, PartnerStatus } from './partner.ts'

/** Columns as the migration makes them; constraints are there. */
export const partners = pgTable('partners', {
  id: uuid().notNull(),
  code: text().notNull(),
  name: text().notNull(),
  kind: text().$type<PartnerKind>().notNull(),
  status: text().$type<PartnerStatus>().notNull(),
  synthetic: boolean().notNull(),
  jurisdiction: text().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
})

export const clients = pgTable('clients', {
  id: uuid().notNull(),
  partnerId: uuid('partner_id').notNull(),
  name: text().notNull(),
  jwks: jsonb().$type<PublicJwks>().notNull(),
  keysSince: timestamp('keys_since', { withTimezone: true }).notNull(),
  formerJwks: jsonb('former_jwks').$type<PublicJwks>(),
  formerUntil: timestamp('former_until', { withTimezone: true }),
  keysWarned: timestamp('keys_warned', { withTimezone: true }),
  scopes: text().array().$type<Scope[]>().notNull(),
  redirectUris: text('redirect_uris').array().notNull(),
  binding: text().$type<TokenBinding>().notNull(),
  status: text().$type<ClientStatus>().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  revokedAt: timestamp('revoked_at', { withTimezone: true }),
})
