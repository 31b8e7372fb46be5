import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { PayoutAddress } from '../payout-address.ts'

type Row = {
  readonly id: string
  readonly partner_id: string
  readonly account: string
  readonly proposed_by: Actor
  readonly proposed_at: Date
  readonly verified_by: Actor | null
  readonly verified_at: Date | null
}

/**
 * Finds a partner by code or id, and makes whoever changes its payout address wait until the transaction ends. Throws
 * `NOT_FOUND`. Partners are seen through the view that their folder publishes, hence no lock on their row.
 */
export async function holdPartner(
  tx: Transaction,
  named: string,
): Promise<{ readonly id: Id<'ptr'>; readonly code: string }> {
  const id = isId('ptr', named) ? uuidOf(named) : null
  const [row] = await tx<{ partner_id: string; code: string }[]>`
    select partner_id, code from partner_duties where partner_id = ${id}::uuid or (${id}::uuid is null and code = ${named})`
  if (row === undefined) {
    throw new Fault('NOT_FOUND', `there is no partner ${JSON.stringify(named.slice(0, 60))}`, { field: 'partner' })
  }
  await tx`select pg_advisory_xact_lock(hashtextextended('payout address of ' || ${row.partner_id}, 0))`
  return { id: idOf('ptr', row.partner_id), code: row.code }
}

/** The account that was entered last. */
export async function selectLastAddress(sql: Reader, partner: Id<'ptr'>): Promise<PayoutAddress | undefined> {
  const [last] = await selectAddresses(sql, partner, 1)
  return last
}

/** An entered account by its id. */
export async function selectAddress(sql: Reader, id: Id<'pad'>): Promise<PayoutAddress | undefined> {
  const [row] = await sql<Row[]>`
    select id, partner_id, account, proposed_by, proposed_at, verified_by, verified_at from payout_addresses
    where id = ${uuidOf(id)}::uuid`
  return row && addressOf(row)
}

/** Accounts that were entered for a partner, the newest first. */
export async function selectAddresses(sql: Reader, partner: Id<'ptr'>, limit = 100): Promise<readonly PayoutAddress[]> {
  const rows = await sql<Row[]>`
    select id, partner_id, account, proposed_by, proposed_at, verified_by, verified_at from payout_addresses
    where partner_id = ${uuidOf(partner)}::uuid order by id desc limit ${limit}`
  return rows.map(addressOf)
}

type NewAddress = {
  readonly id: Id<'pad'>
  readonly partner: Id<'ptr'>
  readonly account: string
  readonly by: Actor
  readonly record: AppendedRecord | undefined
}

export async function insertAddress(
  tx: Transaction,
  { id, partner, account, by, record }: NewAddress,
): Promise<PayoutAddress> {
  invariant(record, 'an address is entered with its record')
  const [row] = await tx<Row[]>`
    insert into payout_addresses (id, partner_id, account, proposed_by, proposed_at, record_id)
    values (${uuidOf(id)}::uuid, ${uuidOf(partner)}::uuid, ${account}, ${by}, ${record.at.toISOString()}::timestamptz,
            ${uuidOf(record.id)}::uuid)
    returning id, partner_id, account, proposed_by, proposed_at, verified_by, verified_at`
  invariant(row, 'an address that was entered is there')
  return addressOf(row)
}

export async function verifyAddress(
  tx: Transaction,
  { id, by, record }: Pick<NewAddress, 'id' | 'by' | 'record'>,
): Promise<PayoutAddress> {
  invariant(record, 'an address is verified with its record')
  const [row] = await tx<Row[]>`
    update payout_addresses
    set verified_by = ${by}, verified_at = ${record.at.toISOString()}::timestamptz, record_id = ${uuidOf(record.id)}::uuid
    where id = ${uuidOf(id)}::uuid
    returning id, partner_id, account, proposed_by, proposed_at, verified_by, verified_at`
  invariant(row, 'an address that is verified is there')
  return addressOf(row)
}

function addressOf(row: Row): PayoutAddress {
  return {
    id: idOf('pad', row.id),
    partner: idOf('ptr', row.partner_id),
    account: row.account,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    verifiedBy: row.verified_by ?? undefined,
    verifiedAt: row.verified_at ?? undefined,
  }
}
