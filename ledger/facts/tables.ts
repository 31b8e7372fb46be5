import { numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Asset } from '../../kernel/money.ts'
import type { Confirmation, DecisionWord } from './confirmation.ts'
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
  confirmation: text().$type<Confirmation>().notNull(),
  status: text().$type<ContributionStatus>().notNull(),
  recordId: uuid('record_id').notNull(),
  recordedAt: timestamp('recorded_at', { withTimezone: true }).notNull(),
})

export const contributionDecisions = pgTable('contribution_decisions', {
  contributionId: uuid('contribution_id').notNull(),
  decision: text().$type<DecisionWord>().notNull(),
  reason: text(),
  recordId: uuid('record_id').notNull(),
  recordedAt: timestamp('recorded_at', { withTimezone: true }).notNull(),
})
