import type { Transaction } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import { blankFacts } from './store/erased-facts.ts'

/**
 * Takes out of the facts by what name partners and the broker knew customers who were erased. The facts stand, and what
 * they earned.
 */
export async function eraseFacts(tx: Transaction, customers: readonly Id<'cus'>[]): Promise<void> {
  if (customers.length > 0) await blankFacts(tx, customers)
}
