import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { PointsAccount, PointsHolder } from '../points-account.ts'

type AccountRow = {
  readonly id: string
  readonly customer_id: string | null
  readonly partner_id: string | null
  readonly partner_code: string | null
}

/** An account with the record that opens it. */
export type AccountToKeep = {
  readonly id: Id<'pta'>
  readonly holder: { readonly customer: Id<'cus'> } | { readonly partner: Id<'ptr'> }
  readonly record: Id<'rec'>
}

/**
 * Opens accounts, in order of their holders so that no two writers wait in a circle; gives the ids of those that were
 * opened: who had one keeps it.
 */
export async function openAccounts(
  tx: Transaction,
  accounts: readonly AccountToKeep[],
): Promise<ReadonlySet<Id<'pta'>>> {
  const rows = await tx<{ id: string }[]>`
    insert into points_accounts (id, customer_id, partner_id, record_id)
    select r.id, r.customer_id, r.partner_id, r.record_id
    from jsonb_to_recordset(${JSON.stringify(accounts.map(rowOf))}::jsonb)
      as r (id uuid, customer_id uuid, partner_id uuid, record_id uuid)
    order by r.customer_id, r.partner_id
    on conflict do nothing returning id`
  return new Set(rows.map(({ id }) => idOf('pta', id)))
}

function rowOf({ id, holder, record }: AccountToKeep): object {
  return {
    id: uuidOf(id),
    customer_id: 'customer' in holder ? uuidOf(holder.customer) : undefined,
    partner_id: 'partner' in holder ? uuidOf(holder.partner) : undefined,
    record_id: uuidOf(record),
  }
}

/** The accounts of those of these holders who have one. */
export async function accountsOf(sql: Reader, holders: readonly PointsHolder[]): Promise<readonly PointsAccount[]> {
  const customers = holders.flatMap((holder) => ('customer' in holder ? uuidOf(holder.customer) : []))
  const partners = holders.flatMap((holder) => ('partner' in holder ? uuidOf(holder.partner) : []))
  const rows = await sql<AccountRow[]>`
    select a.id, a.customer_id, a.partner_id, d.code as partner_code
    from points_accounts a left join partner_duties d on d.partner_id = a.partner_id
    where a.customer_id = any (${customers}::text[]::uuid[]) or a.partner_id = any (${partners}::text[]::uuid[])`
  return rows.map(accountOf)
}

/** Accounts by their ids. */
export async function accountsById(sql: Reader, ids: readonly Id<'pta'>[]): Promise<readonly PointsAccount[]> {
  const rows = await sql<AccountRow[]>`
    select a.id, a.customer_id, a.partner_id, d.code as partner_code
    from points_accounts a left join partner_duties d on d.partner_id = a.partner_id
    where a.id = any (${ids.map(uuidOf)}::text[]::uuid[]) order by a.id`
  return rows.map(accountOf)
}

function accountOf({ id, customer_id, partner_id, partner_code }: AccountRow): PointsAccount {
  const holder: PointsHolder =
    customer_id === null
      ? { partner: idOf('ptr', partner_id ?? ''), partnerCode: partner_code ?? '' }
      : { customer: idOf('cus', customer_id) }
  return { id: idOf('pta', id), holder }
}

/**
 * Holds accounts until the transaction ends: nobody else moves their points. What stands on them is read in a later
 * statement, which sees what those did who were waited for.
 */
export async function holdAccounts(tx: Transaction, accounts: readonly Id<'pta'>[]): Promise<void> {
  await tx`
    select from points_accounts a where a.id = any (${accounts.map(uuidOf)}::text[]::uuid[]) order by a.id for update`
}

/** Those of the customers who were erased. */
export async function selectErased(sql: Reader, customers: readonly Id<'cus'>[]): Promise<ReadonlySet<Id<'cus'>>> {
  const rows = await sql<{ customer_id: string }[]>`
    select e.customer_id from erased_customers e where e.customer_id = any (${customers.map(uuidOf)}::text[]::uuid[])`
  return new Set(rows.map(({ customer_id }) => idOf('cus', customer_id)))
}

/** The customer whom the broker knows by a key, and who was not erased. */
export async function selectCustomer(sql: Reader, accountKey: string): Promise<Id<'cus'> | undefined> {
  const [row] = await sql<{ customer_id: string }[]>`
    select c.customer_id from customer_accounts c
    where c.account_key = ${accountKey}
      and not exists (select from erased_customers e where e.customer_id = c.customer_id)`
  return row && idOf('cus', row.customer_id)
}
