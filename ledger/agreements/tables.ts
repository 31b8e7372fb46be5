import { integer, pgTable, pgView, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Asset } from '../../kernel/money.ts'

/** Columns as the migration makes them; constraints are there. */
export const programmes = pgTable('programmes', {
  id: uuid().notNull(),
  code: text().notNull(),
  name: text().notNull(),
  asset: text().$type<Asset>().notNull(),
  timeZone: text('time_zone').notNull(),
  recordId: uuid('record_id').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
})

export const terms = pgTable('terms', {
  id: uuid().notNull(),
  programmeId: uuid('programme_id').notNull(),
  version: integer().notNull(),
  effectiveFrom: timestamp('effective_from', { withTimezone: true }).notNull(),
  followsFrom: timestamp('follows_from', { withTimezone: true }),
  body: text().notNull(),
  hash: text().notNull(),
  recordId: uuid('record_id').notNull(),
  publishedAt: timestamp('published_at', { withTimezone: true }).notNull(),
})

export const termsInForce = pgView('terms_in_force', {
  termsId: uuid('terms_id').notNull(),
  programmeId: uuid('programme_id').notNull(),
  version: integer().notNull(),
  effectiveFrom: timestamp('effective_from', { withTimezone: true }).notNull(),
  effectiveTo: timestamp('effective_to', { withTimezone: true }),
}).existing()
