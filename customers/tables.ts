import { boolean, integer, jsonb, pgTable, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { Granularity } from './granularity.ts'
import type { Band, Flag } from './masking.ts'
import type { Direction } from './purpose.ts'
import type { Sensitivity } from './tag-definition.ts'
import type { TagType } from './tag-value.ts'

/** Columns as the migration makes them; constraints are there. */
export const customers = pgTable('customers', {
  id: uuid().notNull(),
  accountKey: text('account_key').notNull(),
  synthetic: boolean().notNull(),
})

export const tagDefinitions = pgTable('tag_definitions', {
  key: text().notNull(),
  labelEn: text('label_en').notNull(),
  labelZh: text('label_zh').notNull(),
  category: text().notNull(),
  type: text().$type<TagType>().notNull(),
  values: text().array(),
  unit: text(),
  sensitivity: text().$type<Sensitivity>().notNull(),
  legalBasis: text('legal_basis').notNull(),
  granularities: text().array().$type<Granularity[]>().notNull(),
  bands: jsonb().$type<readonly Band[]>(),
  flag: jsonb().$type<Flag>(),
  suppliers: text().array(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  retiredAt: timestamp('retired_at', { withTimezone: true }),
  version: integer().notNull(),
})

export const purposes = pgTable('purposes', {
  key: text().notNull(),
  nameEn: text('name_en').notNull(),
  nameZh: text('name_zh').notNull(),
  description: text().notNull(),
  tagKeys: text('tag_keys').array().notNull(),
  direction: text().$type<Direction>().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  version: integer().notNull(),
})

export const subjects = pgTable('subjects', {
  subject: text().notNull(),
  partnerId: uuid('partner_id').notNull(),
  customerId: uuid('customer_id').notNull(),
  keyVersion: smallint('key_version').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
})
