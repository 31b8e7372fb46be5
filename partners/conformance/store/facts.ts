import type { Reader } from '../../../database/client.ts'
import { databaseTime } from '../../../database/database-time.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import { selectEndpoints } from '../../webhooks/store/endpoints.ts'
import type { ConformanceRun } from '../conformance-run.ts'
import type { ConsentSeen, Observed, RunFacts } from '../judge-run.ts'
import type { Observation } from './observations.ts'

const MOST_CONSENTS = 20
const MOST_OBSERVED = 1000

/** All that is known of an open run. What came after it had expired is none of it. */
export async function selectFacts(sql: Reader, run: ConformanceRun): Promise<RunFacts> {
  const { now, seen } = await selectObserved(sql, run.id)
  const of = (what: Observation['what']) => seen.filter((one) => one.what === what)
  const endpoints = await selectEndpoints(sql, run.partner)
  return {
    now,
    ...{ tokens: of('TOKEN_ISSUED'), replays: of('REPLAY_REFUSED') },
    consents: await selectConsents(sql, run),
    ...{ repeated: of('CONTRIBUTION_REPLAYED'), conflicts: of('CONFLICT_REFUSED'), probes: of('WEBHOOK_PROBED') },
    endpoints: endpoints.map(({ id }) => id),
  }
}

async function selectObserved(
  sql: Reader,
  run: Id<'cfr'>,
): Promise<{ readonly now: Date; readonly seen: readonly (Observed & Pick<Observation, 'what'>)[] }> {
  const rows = await sql<(Observed & Pick<Observation, 'what'>)[]>`
    select what, about, detail, at from conformance_observations
    where run_id = ${uuidOf(run)} order by at, what, about limit ${MOST_OBSERVED}`
  return { now: await databaseTime(sql), seen: rows }
}

type ConsentRow = {
  readonly consent_id: string
  readonly record_id: string
  readonly granted_record_id: string
  readonly granted_at: Date
  readonly exchanged_at: Date | null
  readonly disclosure_id: string | null
  readonly read_at: Date | null
  readonly revoked_at: Date | null
  readonly told_at: Date | null
  readonly acknowledged_at: Date | null
}

async function selectConsents(sql: Reader, run: ConformanceRun): Promise<readonly ConsentSeen[]> {
  const { id, partner, startedAt, expiresAt } = run
  const rows = await sql<ConsentRow[]>`
    with given as (
      select c.*, 'cns_' || replace(c.consent_id::text, '-', '') as name from sandbox_consents c
      where c.partner_id = ${uuidOf(partner)} and c.granted_at >= ${startedAt.toISOString()}::timestamptz
        and c.granted_at < ${expiresAt.toISOString()}::timestamptz
      order by c.granted_at desc, c.consent_id limit ${MOST_CONSENTS}
    )
    select g.consent_id, g.record_id, g.granted_record_id, g.granted_at, o.at as exchanged_at, d.disclosure_id, d.at as read_at,
           case g.status when 'REVOKED' then g.ended_at end as revoked_at, t.told_at, t.acknowledged_at
    from given g
    left join conformance_observations o on o.run_id = ${uuidOf(id)} and o.what = 'CODE_EXCHANGED' and o.about = g.name
    left join lateral (
      select r.disclosure_id, r.at from disclosed_reads r
      where r.customer_id = g.customer_id and r.consent_id = g.consent_id and r.at >= g.granted_at
        and r.at < ${expiresAt.toISOString()}::timestamptz
      order by r.at limit 1) d on true
    left join lateral (
      select min(w.first_sent_at) as told_at,
             case when count(*) = count(w.delivered_at) and max(w.delivered_at) < ${expiresAt.toISOString()}::timestamptz
               then max(w.delivered_at) end as acknowledged_at
      from webhook_deliveries w join webhook_endpoints e on e.id = w.endpoint_id and e.status = 'ACTIVE'
      where w.about = g.name and w.type = 'consent.revoked') t on true
    order by g.granted_at desc, g.consent_id`
  return rows.map(consentOf)
}

function consentOf(row: ConsentRow): ConsentSeen {
  const { disclosure_id: disclosure, read_at: at } = row
  return {
    ...{ id: idOf('cns', row.consent_id), grantedAt: row.granted_at },
    ...{ granted: idOf('rec', row.granted_record_id), record: idOf('rec', row.record_id) },
    exchangedAt: row.exchanged_at ?? undefined,
    read: disclosure === null || at === null ? undefined : { disclosure: idOf('dis', disclosure), at },
    ...{ revokedAt: row.revoked_at ?? undefined, toldAt: row.told_at ?? undefined },
    acknowledgedAt: row.acknowledged_at ?? undefined,
  }
}
