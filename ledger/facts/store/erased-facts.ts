import type { Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/** Stands where the fingerprint of a fact stood whose customer was erased: it was made of the customer's name too. */
export const ERASED_FINGERPRINT = 'erased'

/** Stands where the lead of a binding stood; no two bindings of a partner have one lead. */
export function erasedLead(binding: Id<'led'>): string {
  return `erased:${binding}`
}

/** Blanks what names customers in their facts. */
export async function blankFacts(tx: Transaction, customers: readonly Id<'cus'>[]): Promise<void> {
  const whose = customers.map(uuidOf)
  await tx`
    update contributions set subject = null, lead = null, fingerprint = ${ERASED_FINGERPRINT}
    where customer_id = any (${whose}::text[]::uuid[])`
  await tx`
    update lead_bindings
    set lead = ${erasedLead('led_')} || replace(id::text, '-', ''), fingerprint = ${ERASED_FINGERPRINT}
    where customer_id = any (${whose}::text[]::uuid[])`
  await tx`
    update revenue_events set fingerprint = ${ERASED_FINGERPRINT} where customer_id = any (${whose}::text[]::uuid[])`
}
