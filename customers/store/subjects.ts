import type { Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import { subjects } from '../tables.ts'

export type NewSubject = {
  readonly subject: string
  readonly partner: Id<'ptr'>
  readonly customer: Id<'cus'>
  readonly keyVersion: number
}

/** Keeps a subject; one that is there already stays as it is. */
export async function keepSubject(
  tx: Transaction,
  { subject, partner, customer, keyVersion }: NewSubject,
): Promise<void> {
  await orm(tx)
    .insert(subjects)
    .values({ subject, partnerId: uuidOf(partner), customerId: uuidOf(customer), keyVersion })
    .onConflictDoNothing()
}
