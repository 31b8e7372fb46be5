import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { ConsentStatus, Mover } from '../consent.ts'
import type { ConsentPlace } from './write-consents.ts'

/** A consent that nobody else changes until the transaction ends. */
export type HeldConsent = ConsentPlace & {
  readonly id: Id<'cns'>
  /** As it is by the database's clock, and as it was recorded last. */
  readonly status: ConsentStatus
  readonly recorded: ConsentStatus
  readonly endedAt: Date | undefined
  readonly expiresAt: Date
  readonly suspendedBy: Mover | undefined
  readonly edition: number
  /** How many records tell of it. */
  readonly version: number
}

type HeldRow = {
  readonly id: string
  readonly customer_id: string
  readonly partner_id: string
  readonly purpose: string
  readonly status: ConsentStatus
  readonly recorded: ConsentStatus
  readonly ended_at: Date | null
  readonly expires_at: Date
  readonly suspended_by: Mover | null
  readonly edition: number
  readonly version: number
}

/** Holds the consent that has a place, if there is one. */
export async function holdInPlace(
  tx: Transaction,
  { customer, partner, purpose }: ConsentPlace,
): Promise<HeldConsent | undefined> {
  const [held] = await hold(
    tx,
    tx`c.customer_id = ${uuidOf(customer)} and c.partner_id = ${uuidOf(partner)} and c.purpose = ${purpose}
       and c.status in ('AUTHORISED', 'SUSPENDED')`,
  )
  return held
}

/** Holds all consents of a customer that have a place, those to one partner if one is named. */
export async function holdStanding(
  tx: Transaction,
  customer: Id<'cus'>,
  partner?: Id<'ptr'>,
): Promise<readonly HeldConsent[]> {
  const to = partner === undefined ? tx`` : tx`and c.partner_id = ${uuidOf(partner)}`
  return hold(tx, tx`c.customer_id = ${uuidOf(customer)} ${to} and c.status in ('AUTHORISED', 'SUSPENDED')`)
}

/** Holds one consent of a customer; nothing for anybody else's. */
export async function holdOwn(
  tx: Transaction,
  customer: Id<'cus'>,
  consent: Id<'cns'>,
): Promise<HeldConsent | undefined> {
  const [held] = await hold(tx, tx`c.id = ${uuidOf(consent)} and c.customer_id = ${uuidOf(customer)}`)
  return held
}

/** Holds those of these consents that nobody else holds at the moment. */
export async function holdFree(tx: Transaction, consents: readonly Id<'cns'>[]): Promise<readonly HeldConsent[]> {
  return hold(tx, tx`c.id = any (${consents.map(uuidOf)}::text[]::uuid[])`, tx`skip locked`)
}

/** Whose consent it is. */
export async function selectGiver(sql: Reader, consent: Id<'cns'>): Promise<Id<'cus'> | undefined> {
  const [row] = await sql<{ customer_id: string }[]>`select customer_id from consents where id = ${uuidOf(consent)}`
  return row && idOf('cus', row.customer_id)
}

/** Locks in one statement and reads in the next: a wait for the lock does not refresh what a statement sees. */
async function hold(tx: Transaction, which: Fragment, otherwise: Fragment = tx``): Promise<readonly HeldConsent[]> {
  const locked = await tx<{ id: string }[]>`
    select c.id from consents c where ${which} order by c.id for update ${otherwise}`
  if (locked.length === 0) return []
  const rows = await tx<HeldRow[]>`
    select c.id, c.customer_id, c.partner_id, c.purpose, n.status, c.status as recorded, n.ended_at, c.expires_at,
           c.suspended_by, c.edition, c.version
    from consents c cross join lateral consent_standing(c, clock_timestamp()) as n
    where c.id = any (${locked.map(({ id }) => id)}::text[]::uuid[]) order by c.id`
  return rows.map(heldOf)
}

function heldOf(row: HeldRow): HeldConsent {
  return {
    id: idOf('cns', row.id),
    customer: idOf('cus', row.customer_id),
    partner: idOf('ptr', row.partner_id),
    purpose: row.purpose,
    status: row.status,
    recorded: row.recorded,
    endedAt: row.ended_at ?? undefined,
    expiresAt: row.expires_at,
    suspendedBy: row.suspended_by ?? undefined,
    edition: row.edition,
    version: row.version,
  }
}
