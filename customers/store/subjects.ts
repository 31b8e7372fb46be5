import { inArray } from 'drizzle-orm'
import type { Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import { subjects } from '../tables.ts'

export type NewSubject = {
  readonly subject: string
  readonly partner: Id<'ptr'>
  readonly customer: Id<'cus'>
  readonly keyVersion: number
  readonly createdAt: Date
}

/** Keeps subjects; those that are there already stay as they are. */
export async function keepSubjects(tx: Transaction, kept: readonly NewSubject[]): Promise<void> {
  if (kept.length === 0) return
  const rows = kept.map(({ partner, customer, ...row }) => ({
    ...row,
    partnerId: uuidOf(partner),
    customerId: uuidOf(customer),
  }))
  await orm(tx).insert(subjects).values(rows).onConflictDoNothing()
}

/** Takes away the subjects of customers who are erased. */
export async function deleteSubjects(tx: Transaction, customers: readonly Id<'cus'>[]): Promise<void> {
  if (customers.length === 0) return
  await orm(tx)
    .delete(subjects)
    .where(inArray(subjects.customerId, customers.map(uuidOf)))
}
