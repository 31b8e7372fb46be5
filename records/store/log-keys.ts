import type { Reader, Transaction } from '../../database/client.ts'

/** The key of a log's name; the private part is encrypted. */
export type WrappedLogKey = { readonly publicKey: Buffer; readonly wrapped: Buffer }

/** The key with this name. */
export async function selectLogKey(sql: Reader, name: string): Promise<WrappedLogKey | undefined> {
  const [row] = await sql<{ public_key: Buffer; wrapped: Buffer }[]>`
    select public_key, wrapped from log_keys where name = ${name}`
  return row && { publicKey: row.public_key, wrapped: row.wrapped }
}

/** All keys, by name. */
export async function selectLogKeys(
  sql: Reader,
): Promise<readonly (WrappedLogKey & { readonly name: string; readonly at: Date })[]> {
  const rows = await sql<{ name: string; public_key: Buffer; wrapped: Buffer; created_at: Date }[]>`
    select name, public_key, wrapped, created_at from log_keys order by name`
  return rows.map(({ name, public_key, wrapped, created_at }) => ({
    name,
    publicKey: public_key,
    wrapped,
    at: created_at,
  }))
}

/** Adds a key, unless there is one with this name; one that another transaction adds at the same moment is waited for. */
export async function insertLogKey(
  tx: Transaction,
  name: string,
  { publicKey, wrapped }: WrappedLogKey,
  at: Date,
): Promise<void> {
  await tx`
    insert into log_keys (name, public_key, wrapped, created_at)
    values (${name}, decode(${publicKey.toString('hex')}, 'hex'), decode(${wrapped.toString('hex')}, 'hex'),
            ${at.toISOString()}::timestamptz)
    on conflict on constraint log_keys_pkey do nothing`
}
