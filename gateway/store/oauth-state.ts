import type { AdapterPayload } from 'oidc-provider'
import type { Reader, Transaction } from '../../database/client.ts'

/** One thing that the authorization server keeps. */
export type OauthState = {
  readonly model: string
  readonly id: string
  readonly payload: object
  readonly grantId: string | undefined
  readonly uid: string | undefined
  readonly userCode: string | undefined
  readonly lifeSeconds: number
}

/** By which of its names a thing is looked up. */
export type StateName = 'id' | 'uid' | 'user_code'

/**
 * Keeps a thing that may come only once (a used assertion, a used proof). False when one under this name is there and has
 * not expired: of any number of processes that try at once, one is told true.
 */
export async function insertStateOnce(tx: Transaction, state: OauthState): Promise<boolean> {
  const rows = await tx`
    insert into oauth_state (model, id, payload, expires_at)
    values (${state.model}, ${state.id}, ${JSON.stringify(state.payload)}::jsonb,
      now() + make_interval(secs => ${state.lifeSeconds}))
    on conflict on constraint oauth_state_pkey do update
      set payload = excluded.payload, expires_at = excluded.expires_at, consumed_at = null
      where oauth_state.expires_at <= now()
    returning id`
  return rows.length === 1
}

/** Keeps a thing, in the place of what was under its name. What was consumed stays consumed. */
export async function upsertState(tx: Transaction, state: OauthState): Promise<void> {
  await tx`
    insert into oauth_state (model, id, payload, grant_id, uid, user_code, expires_at)
    values (${state.model}, ${state.id}, ${JSON.stringify(state.payload)}::jsonb, ${state.grantId ?? null},
      ${state.uid ?? null}, ${state.userCode ?? null}, now() + make_interval(secs => ${state.lifeSeconds}))
    on conflict on constraint oauth_state_pkey do update
      set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
        user_code = excluded.user_code, expires_at = excluded.expires_at`
}

/** A thing that has not expired, with the time at which it was consumed in seconds. */
export async function selectState(
  sql: Reader,
  { model, by, name }: { readonly model: string; readonly by: StateName; readonly name: string },
): Promise<AdapterPayload | undefined> {
  const rows = await sql<{ payload: AdapterPayload; consumed: number | null }[]>`
    select payload, extract(epoch from consumed_at)::int as consumed
    from oauth_state
    where model = ${model} and ${sql(by)} = ${name} and expires_at > now()
    limit 1`
  const row = rows[0]
  return row && (row.consumed === null ? row.payload : { ...row.payload, consumed: row.consumed })
}

/** Consumes a thing. False when it is not there, has expired, or somebody was first. */
export async function consumeState(tx: Transaction, model: string, id: string): Promise<boolean> {
  const rows = await tx`
    update oauth_state set consumed_at = now()
    where model = ${model} and id = ${id} and consumed_at is null and expires_at > now()
    returning id`
  return rows.length === 1
}

export async function deleteState(tx: Transaction, model: string, id: string): Promise<void> {
  await tx`delete from oauth_state where model = ${model} and id = ${id}`
}

export async function deleteStatesOfGrant(tx: Transaction, model: string, grantId: string): Promise<void> {
  await tx`delete from oauth_state where model = ${model} and grant_id = ${grantId}`
}
