import { numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Asset } from '../../kernel/money.ts'
import type { ContributionKind, ContributionStatus } from './contribution.ts'

/** Columns as the migration makes them; constraints are there. */
export const contributions = pgTable('contributions', {
  id: uuid().notNull(),
  partnerId: uuid('partner_id').notNull(),
  externalId: text('external_id').notNull(),
  kind: text().$type<ContributionKind>().notNull(),
  subject: text(),
  lead: text(),
  agreementId: uuid('agreement_id'),
  occurredAt: timestamp('occurred_at', { withTimezone: true }).notNull(),
  quantity: numeric({ precision: 38, scale: 0, mode: 'bigint' }).notNull(),
  asset: text().$type<Asset>(),
  amount: numeric({ precision: 38, scale: 0, mode: 'bigint' }),
  campaign: text(),
  market: text(),
  productSource: text('product_source'),
  productExternalId: text('product_external_id'),
  course: text(),
  units: numeric({ precision: 38, scale: 0, mode: 'bigint' }),
  unit: text(),
  score: numeric({ precision: 38, scale: 0, mode: 'bigint' }),
  status: text().$type<ContributionStatus>().notNull(),
  recordId: uuid('record_id').notNull(),
  recordedAt: timestamp('recorded_at', { withTimezone: true }).notNull(),
})
