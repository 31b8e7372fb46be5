import type { Reader } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { SandboxCustomer } from '../sandbox-account.ts'

const MOST_LISTED = 100

/** Synthetic customers whose account key begins so, the first made first. */
export async function selectSyntheticBeginning(sql: Reader, prefix: string): Promise<readonly SandboxCustomer[]> {
  const rows = await sql<{ account_key: string }[]>`
    select account_key from customers
    where account_key >= ${prefix} and account_key < ${`${prefix}\u{10ffff}`} and synthetic
    order by length(account_key), account_key limit ${MOST_LISTED}`
  return rows.map(({ account_key: accountKey }) => ({ accountKey }))
}

/** The synthetic customer who gave a consent to a partner, while that is in the sandbox. */
export async function selectSyntheticGiver(
  sql: Reader,
  { partner, consent }: { readonly partner: Id<'ptr'>; readonly consent: Id<'cns'> },
): Promise<SandboxCustomer | undefined> {
  const [row] = await sql<{ account_key: string }[]>`
    select u.account_key from consents c
    join customers u on u.id = c.customer_id and u.synthetic
    join partner_duties d on d.partner_id = c.partner_id and d.synthetic_only
    where c.id = ${uuidOf(consent)} and c.partner_id = ${uuidOf(partner)}`
  return row && { accountKey: row.account_key }
}
