import { integer, jsonb, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Asset } from '../kernel/money.ts'
import type { ProductStatus } from './product.ts'

/** Columns as the migration makes them; constraints are there. */
export const products = pgTable('products', {
  id: uuid().notNull(),
  source: text().notNull(),
  externalId: text('external_id').notNull(),
  name: text().notNull(),
  category: text().notNull(),
  risk: smallint().notNull(),
  asset: text().$type<Asset>().notNull(),
  providerPartnerId: uuid('provider_partner_id'),
  attributes: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
  status: text().$type<ProductStatus>().notNull(),
  fingerprint: text().notNull(),
  version: integer().notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
})
