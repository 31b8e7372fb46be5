import type { Fragment } from 'postgres'
import type { Reader } from '../../database/client.ts'

/**
 * What is known now of a customer for a tag, as a row like one of `tags`: the newest observation counts, whoever made it; of
 * two at the same instant the broker's own, then the surer one. What a partner supplied counts while the customer lets it.
 */
export function valueNow(
  sql: Reader,
  { customer, key }: { readonly customer: Fragment; readonly key: Fragment },
): Fragment {
  return sql`
    select v.* from tags v
    where v.customer_id = ${customer} and v.tag_key = ${key} and (v.supplier_id = nobody() or ${mayStand(sql)})
    order by v.observed_at desc, v.supplier_id = nobody() desc, v.quality desc, v.supplier_id
    limit 1`
}

/** Whether the customer lets the supplier of `v` supply the tag at this moment. */
export function mayStand(sql: Reader): Fragment {
  return sql`exists (
    select from consents c join consent_tags k on k.consent_id = c.id
    where c.customer_id = v.customer_id and c.partner_id = v.supplier_id and k.tag_key = v.tag_key
      and c.purpose = any (array(select key from purposes where direction = 'SUPPLY'))
      and c.status = 'AUTHORISED' and c.expires_at > clock_timestamp())`
}
