import type { JWK } from 'jose'
import type { Reader, Transaction } from '../../database/client.ts'

/** What a key signs: tokens of the authorization server, or of the development issuer. */
export type KeyUse = 'oauth' | 'development-issuer'

/** A key as it is kept: the private half wrapped. */
export type KeptKey = {
  readonly kid: string
  readonly wrapped: Buffer
  readonly publicJwk: JWK
  readonly retired: boolean
}

/** The key that signs now, first, and those retired in the last day, whose tokens may still be about. */
export async function selectKeys(sql: Reader, use: KeyUse): Promise<readonly KeptKey[]> {
  const rows = await sql<{ kid: string; wrapped: Buffer; public_jwk: JWK; retired: boolean }[]>`
    select kid, wrapped, public_jwk, retired_at is not null as retired
    from signing_keys
    where use = ${use} and (retired_at is null or retired_at > now() - interval '1 day')
    order by retired_at desc nulls first, kid`
  return rows.map(({ public_jwk: publicJwk, ...row }) => ({ ...row, publicJwk }))
}

/** Ends the signing of the key that signs now and says which it was; nothing when there is none, or somebody was first. */
export async function retireKey(tx: Transaction, use: KeyUse): Promise<string | undefined> {
  const rows = await tx<{ kid: string }[]>`
    update signing_keys set retired_at = now() where use = ${use} and retired_at is null returning kid`
  return rows[0]?.kid
}

/** Keeps a key, unless another process was first: one key of a use signs at a time. */
export async function insertKey(
  tx: Transaction,
  { use, kid, wrapped, publicJwk }: Omit<KeptKey, 'retired'> & { readonly use: KeyUse },
): Promise<void> {
  await tx`
    insert into signing_keys (kid, use, wrapped, public_jwk)
    values (${kid}, ${use}, ${wrapped}, ${JSON.stringify(publicJwk)}::jsonb)
    on conflict do nothing`
}
