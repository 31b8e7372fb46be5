import type { Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/** What a gateway can see of a run, where nothing else tells of it. */
export const OBSERVATIONS = [
  'TOKEN_ISSUED',
  'REPLAY_REFUSED',
  'CODE_EXCHANGED',
  'CONTRIBUTION_REPLAYED',
  'CONFLICT_REFUSED',
  'WEBHOOK_PROBED',
] as const

/** Something that was seen: of which client, consent, external id or endpoint, and a word more. */
export type Observation = {
  readonly what: (typeof OBSERVATIONS)[number]
  readonly about: string
  readonly detail: string
}

/** Writes down what was seen of a partner, if a run of it is open; of the same thing the last. One statement. */
export async function insertObservations(
  tx: Transaction,
  partner: Id<'ptr'>,
  observations: readonly Observation[],
): Promise<void> {
  await tx`
    insert into conformance_observations as o (run_id, what, about, detail)
    select r.id, s.what, s.about, s.detail
    from conformance_runs r, json_to_recordset(${JSON.stringify(observations)}::text::json)
      as s (what text, about text, detail text)
    where r.partner_id = ${uuidOf(partner)} and r.status = 'OPEN' and r.expires_at > clock_timestamp()
    on conflict on constraint conformance_observations_pkey do update
      set detail = excluded.detail, at = excluded.at`
}

/** Forgets what was seen of a run that has ended: its report says it. */
export async function deleteObservations(tx: Transaction, run: Id<'cfr'>): Promise<void> {
  await tx`delete from conformance_observations where run_id = ${uuidOf(run)}`
  await tx`delete from conformance_probes where run_id = ${uuidOf(run)}`
}

/** Takes the turn of trying the webhooks of a run, and sets the next one; no when it is not due, or somebody else's. */
export async function takeProbe(tx: Transaction, run: Id<'cfr'>, pauseSeconds: number): Promise<boolean> {
  const rows = await tx`
    insert into conformance_probes as p (run_id, next_at)
    values (${uuidOf(run)}, clock_timestamp() + make_interval(secs => ${pauseSeconds}))
    on conflict on constraint conformance_probes_pkey do update
      set next_at = excluded.next_at where p.next_at <= clock_timestamp()
    returning run_id`
  return rows.length > 0
}
