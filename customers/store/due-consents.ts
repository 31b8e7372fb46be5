import type { Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

/** A consent of which something is so that no record tells of, and whose it is. */
export type DueConsent = { readonly consent: Id<'cns'>; readonly customer: Id<'cus'> }

/** Consents that were used up, whose time is over, or under a notice that counts no longer. */
export async function selectDue(tx: Transaction, limit: number): Promise<readonly DueConsent[]> {
  const rows = await tx<{ id: string; customer_id: string }[]>`
    (select c.id, c.customer_id from consent_uses u join consents c on c.id = u.consent_id
     where not u.daily and u.used > 0 and not u.recorded limit ${limit})
    union
    (select c.id, c.customer_id from consents c
     where c.status in ('AUTHORISED', 'SUSPENDED') and c.expires_at <= clock_timestamp() limit ${limit})
    union
    (select c.id, c.customer_id
     from (select purpose, max(version) as version from notices where earlier_until <= clock_timestamp() group by purpose) n
     cross join generate_series(0, n.version - 1) as earlier
     join consents c on c.purpose || '@' || c.notice_version::text = n.purpose || '@' || earlier::text
     where c.status in ('AUTHORISED', 'SUSPENDED') limit ${limit})`
  return rows.map(({ id, customer_id }) => ({ consent: idOf('cns', id), customer: idOf('cus', customer_id) }))
}

/** Their one use, if they had one, needs no record any more. */
export async function markRecorded(tx: Transaction, consents: readonly Id<'cns'>[]): Promise<void> {
  if (consents.length === 0) return
  await tx`
    update consent_uses set recorded = true
    where consent_id = any (${consents.map(uuidOf)}::text[]::uuid[]) and not daily and used > 0 and not recorded`
}
