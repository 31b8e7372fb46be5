import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { TagCipher } from '../../../database/context.ts'
import type { WrappedTagKey } from '../tag-keys.ts'

/** A key as an answer of the database has it. */
export type TagKeyRow = { readonly version: number; readonly cipher: TagCipher; readonly wrapped: string }

/** A version of the key, and how many values are sealed under it. */
export type TagKeyState = {
  readonly version: number
  readonly cipher: TagCipher
  readonly begunBy: string
  readonly begunAt: Date
  readonly retiredAt: Date | undefined
  readonly values: number
}

/** The keys that are not retired, as JSON: of the same snapshot as the values that stand beside it. */
export function tagKeysJson(sql: Reader): Fragment {
  return sql`(
    select json_agg(json_build_object('version', k.version, 'cipher', k.cipher, 'wrapped', encode(k.wrapped, 'base64')))
    from tag_keys k where k.wrapped is not null)`
}

export function wrappedKeysOf(rows: readonly TagKeyRow[] | null | undefined): readonly WrappedTagKey[] {
  return (rows ?? []).map(({ wrapped, ...row }) => ({ ...row, wrapped: Buffer.from(wrapped, 'base64') }))
}

/** The keys that are not retired, and none of which is before the transaction ends. */
export async function holdTagKeys(tx: Transaction): Promise<readonly WrappedTagKey[]> {
  return tx<WrappedTagKey[]>`
    select version, cipher, wrapped from tag_keys where wrapped is not null order by version for key share`
}

/** Begins a version, unless somebody else did. */
export async function insertTagKey(
  tx: Transaction,
  { version, cipher, wrapped }: WrappedTagKey,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<void> {
  await tx`
    insert into tag_keys (version, cipher, wrapped, begun_by, begun_at)
    values (${version}, ${cipher}, ${wrapped}, ${by}, ${at.toISOString()})
    on conflict on constraint tag_keys_pkey do nothing`
}

/** Keeps others from beginning a version until the transaction ends. */
export async function seizeTagKeys(tx: Transaction): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('tag key versions', 0))`
}

/**
 * Destroys the keys before a version under which nothing is sealed; returns the versions. Whoever writes under one of them is
 * waited for, and seen.
 */
export async function retireTagKeys(tx: Transaction, before: number, at: Date): Promise<readonly number[]> {
  await tx`select from tag_keys where version < ${before} and wrapped is not null order by version for update`
  const rows = await tx<{ version: number }[]>`
    update tag_keys k set wrapped = null, retired_at = ${at.toISOString()}
    where k.version < ${before} and k.wrapped is not null
      and not exists (select from tags t where t.key_version = k.version)
    returning k.version`
  return rows.map(({ version }) => version)
}

/** All versions there were, in their order. */
export async function selectTagKeyStates(sql: Reader): Promise<readonly TagKeyState[]> {
  const rows = await sql<
    {
      version: number
      cipher: TagCipher
      begun_by: string
      begun_at: Date
      retired_at: Date | null
      values: string
    }[]
  >`
    select k.version, k.cipher, k.begun_by, k.begun_at, k.retired_at, coalesce(n.values, 0) as values
    from tag_keys k left join (
      select key_version, count(*) as values from tags where key_version is not null group by key_version
    ) as n on n.key_version = k.version
    order by k.version`
  return rows.map(({ version, cipher, begun_by, begun_at, retired_at, values }) => ({
    ...{ version, cipher, begunBy: begun_by, begunAt: begun_at },
    ...{ retiredAt: retired_at ?? undefined, values: Number(values) },
  }))
}
