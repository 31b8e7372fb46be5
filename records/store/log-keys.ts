import type { Reader, Transaction } from '../../database/client.ts'

/** The key of a log's name; the private part is encrypted. */
export type WrappedLogKey = { readonly publicKey: Buffer; readonly wrapped: Buffer }

/** The key with this name. */
export async function selectLogKey(sql: Reader, name: string): Promise<WrappedLogKey | undefined> {
  const [row] = await sql<{ public_key: Buffer; wrapped: Buffer }[]>`
    select public_key, wrapped from log_keys where name = ${name}`
  return row && { publicKey: row.public_key, wrapped: row.wrapped }
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
