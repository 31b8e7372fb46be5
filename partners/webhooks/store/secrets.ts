import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/** A secret as it is kept. */
export type KeptSecret = { readonly version: number; readonly sealed: Buffer }

/** The number of an endpoint's next secret. */
export async function nextVersion(tx: Transaction, endpoint: Id<'whe'>): Promise<number> {
  const [row] = await tx<{ version: number }[]>`
    select coalesce(max(version), 0) + 1 as version from webhook_secrets where endpoint_id = ${uuidOf(endpoint)}`
  return row?.version ?? 1
}

/** Keeps a new secret; those before it end after so many seconds. */
export async function insertSecret(
  tx: Transaction,
  { endpoint, version, sealed }: KeptSecret & { readonly endpoint: Id<'whe'> },
  overlapSeconds: number,
): Promise<void> {
  await tx`
    update webhook_secrets set ends_at = least(ends_at, now() + make_interval(secs => ${overlapSeconds}))
    where endpoint_id = ${uuidOf(endpoint)}`
  await tx`delete from webhook_secrets where endpoint_id = ${uuidOf(endpoint)} and ends_at <= now()`
  await tx`
    insert into webhook_secrets (endpoint_id, version, sealed) values (${uuidOf(endpoint)}, ${version}, ${sealed})`
}

/** The secrets of an endpoint that are good now, the newest first. */
export async function selectSecrets(sql: Reader, endpoint: Id<'whe'>): Promise<readonly KeptSecret[]> {
  return sql<KeptSecret[]>`
    select version, sealed from webhook_secrets
    where endpoint_id = ${uuidOf(endpoint)} and (ends_at is null or ends_at > now()) order by version desc`
}

/** Forgets the secrets of an endpoint that was removed. */
export async function deleteSecrets(tx: Transaction, endpoint: Id<'whe'>): Promise<void> {
  await tx`delete from webhook_secrets where endpoint_id = ${uuidOf(endpoint)}`
}
