import type { Transaction } from '../../database/client.ts'

/** The same messages as `leaseMessages` takes, found by looking at all that waits: who waits for nobody is asked of each. */
export async function leaseScanning(
  tx: Transaction,
  { most, ofEach, seconds }: { readonly most: number; readonly ofEach: number; readonly seconds: number },
): Promise<readonly unknown[]> {
  return tx`
    with due as (
      select d.id, row_number() over (partition by d.endpoint_id order by d.seq) as place
      from webhook_deliveries d
      join partner_duties p on p.partner_id = d.partner_id and p.webhooks
      where d.status = 'PENDING' and d.next_at <= now() and not exists (
        select from webhook_deliveries b
        where b.endpoint_id = d.endpoint_id and b.order_key = d.order_key and b.status = 'PENDING' and b.seq < d.seq)
    ), taken as (
      select d.id from webhook_deliveries d join due on due.id = d.id
      where due.place <= ${ofEach} and d.status = 'PENDING' and d.next_at <= now()
      order by d.seq limit ${most} for update of d skip locked
    )
    update webhook_deliveries d
    set next_at = now() + make_interval(secs => ${seconds}), first_sent_at = coalesce(d.first_sent_at, now()),
        attempts = d.attempts + 1
    from taken, webhook_endpoints e
    where d.id = taken.id and e.id = d.endpoint_id
    returning d.id, d.endpoint_id, d.partner_id, e.url, d.type, d.body, d.attempts`
}
