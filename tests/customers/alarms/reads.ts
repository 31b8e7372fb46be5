import type { Consent } from '../../../customers/consent.ts'
import type { Pool } from '../../../database/client.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import type { Party } from '../factories.ts'

/** The hour in which the tests began: one that ends while they run moves nothing. */
const HOUR = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString()

/** Made-up disclosures to one partner. */
export type Reads = {
  /** How long ago. */
  readonly hoursAgo: number
  /** Numbers of made-up customers, each of whom is read once. */
  readonly from: number
  readonly to: number
  readonly outcome?: 'disclosed' | 'nothing'
  /** Under which consent all of them were read. */
  readonly consent?: Consent | undefined
}

/** Writes disclosures as if there had been reads. Customer n of a partner is the same one each time. */
export async function discloseTo(owner: Pool, { partner, client }: Party, reads: Reads): Promise<void> {
  const { hoursAgo, from, to, outcome = 'disclosed', consent } = reads
  const given = outcome === 'disclosed'
  const consentId = consent === undefined ? 'gen_random_uuid()' : `'${uuidOf(consent.id)}'::uuid`
  await owner.unsafe(`
    insert into disclosures
      (id, at, partner_id, client_id, customer_id, subject, purpose, consent_id, tags, outcome, request_id)
    select gen_random_uuid(), '${HOUR}'::timestamptz - interval '${hoursAgo} hours', '${uuidOf(partner.id)}'::uuid,
      '${uuidOf(client.id)}'::uuid, ${given ? `md5('${partner.id}' || n)::uuid` : 'null'}, 'subject ' || n, 'CREDIT',
      ${given ? consentId : 'null'}, '${given ? '{age:exact}' : '{}'}', '${outcome}', 'a request'
    from generate_series(${from}, ${to - 1}) as n`)
}

/** Makes a consent so many days older than it is. */
export async function age(owner: Pool, { id }: Consent, days: number): Promise<void> {
  await behindGuards(
    owner,
    `update consents set granted_at = now() - interval '${days} days' where id = '${uuidOf(id)}'`,
  )
}

/** Until no transaction is older than what was disclosed. */
export async function allCommitted(owner: Pool): Promise<void> {
  for (;;) {
    const [row] = await owner<{ due: boolean }[]>`
      select not exists (select from disclosures where tx_id >= pg_snapshot_xmin(pg_current_snapshot())) as due`
    if (row?.due === true) return
  }
}
