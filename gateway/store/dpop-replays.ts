import type { Transaction } from '../../database/client.ts'
import type { Scope } from '../../kernel/caller.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'

/** A proof to be used: SHA-256 in hexadecimal digits of its key and `jti`, and whose token it goes with. */
export type ProofUse = { readonly proof: string; readonly client: Id<'cli'> }

/** What the database says of a proof at the moment of the statement. */
export type ProofVerdict = {
  /** It had not been used. */
  readonly fresh: boolean
  /** Tokens of its client are good, those that are bound to keys. */
  readonly tokens: boolean
  /** What is said of the partner's scopes; of others the default counts. */
  readonly said: Readonly<Partial<Record<Scope, string>>> | null
  readonly otherwise: string
}

/**
 * Uses proofs, each a different one: of any number of processes that use one proof, one finds it fresh. In the same
 * statement it is asked whether the clients' tokens are still good, and for what, so that a suspension and a restriction
 * count from the next request on.
 * A row outlives the proof by half a minute, by the database's clock. In order, so that two processes do not wait for each
 * other in a circle.
 */
export async function useProofs(
  tx: Transaction,
  uses: readonly ProofUse[],
  lifeSeconds: number,
): Promise<ReadonlyMap<string, ProofVerdict>> {
  const rows = await tx<({ readonly proof: string } & ProofVerdict)[]>`
    with asked as (
      select decode(proof, 'hex') as proof, client_id
      from unnest(${uses.map(({ proof }) => proof)}::text[], ${uses.map(({ client }) => uuidOf(client))}::text[]::uuid[])
        as a (proof, client_id)
    ), used as (
      insert into dpop_replays (proof, expires_at)
      select proof, now() + make_interval(secs => ${lifeSeconds}) from asked order by proof
      on conflict on constraint dpop_replays_pkey do update set expires_at = excluded.expires_at
        where dpop_replays.expires_at <= now()
      returning proof
    )
    select encode(asked.proof, 'hex') as proof, used.proof is not null as fresh, coalesce(d.tokens and d.binding = 'DPOP', false) as tokens,
      (select json_object_agg(c.key, c.status) from partner_capabilities c
       where c.partner_id = d.partner_id and c.kind = 'GRAPH') as said,
      (select f.status from capability_defaults f where f.kind = 'GRAPH') as otherwise
    from asked left join used on used.proof = asked.proof left join client_duties d on d.client_id = asked.client_id`
  return new Map(rows.map(({ proof, ...verdict }) => [proof, verdict]))
}
