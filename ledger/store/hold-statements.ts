import type { Transaction } from '../../database/client.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'

/**
 * Holds statements until the transaction ends, in one order: whoever else would pay one of them, by bank or on a chain,
 * waits. What the other did is seen by the next statement of SQL, not by this one.
 */
export async function holdStatements(tx: Transaction, statements: readonly Id<'sta'>[]): Promise<void> {
  await tx`
    select from statements s where s.id = any(${statements.map(uuidOf)}::uuid[]) order by s.id for no key update`
}
