import type { JWK } from 'jose'
import type { Reader, Transaction } from '../../database/client.ts'

/** A key that signs receipts, as it is kept: the private half wrapped. */
export type KeptReceiptKey = {
  readonly kid: string
  readonly wrapped: Buffer
  readonly publicJwk: JWK
  readonly retired: boolean
}

/** All of them, the one that signs now first. */
export async function selectReceiptKeys(sql: Reader): Promise<readonly KeptReceiptKey[]> {
  const rows = await sql<{ kid: string; wrapped: Buffer; public_jwk: JWK; retired: boolean }[]>`
    select kid, wrapped, public_jwk, retired_at is not null as retired
    from receipt_keys order by retired_at desc nulls first, kid`
  return rows.map(({ public_jwk: publicJwk, ...row }) => ({ ...row, publicJwk }))
}

/** Keeps a key, unless another process was first: one signs at a time. */
export async function insertReceiptKey(
  tx: Transaction,
  { kid, wrapped, publicJwk }: Omit<KeptReceiptKey, 'retired'>,
  createdAt: Date,
): Promise<void> {
  await tx`
    insert into receipt_keys (kid, wrapped, public_jwk, created_at)
    values (${kid}, ${wrapped}, ${JSON.stringify(publicJwk)}::jsonb, ${createdAt.toISOString()})
    on conflict do nothing`
}
