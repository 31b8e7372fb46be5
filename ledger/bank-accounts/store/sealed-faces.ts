import type { Reader } from '../../../database/client.ts'
import { idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AccountFace } from '../bank-account.ts'
import type { AccountId, SealedDetails } from '../seal-details.ts'
import { type CommonRow, type SealedRow, sealedOf } from './account-rows.ts'
import { SEALED_TABLES, type SealedTable } from './key-versions.ts'

/** What an account shows, beside its sealed details. */
export type SealedFace = AccountFace & SealedDetails & { readonly id: AccountId }

type FaceRow = SealedRow & Pick<CommonRow, 'id' | 'asset' | 'scheme' | 'country' | 'bank_code' | 'masked'>

export async function countSealed(sql: Reader): Promise<number> {
  const [row] = await sql<{ count: string }[]>`
    select (select count(*) from bank_accounts) + (select count(*) from own_accounts) as count`
  return Number(row?.count ?? 0)
}

/** Some accounts behind one, in the order of their ids. */
export async function selectSealedFaces(
  sql: Reader,
  table: SealedTable,
  { behind, limit }: { readonly behind?: AccountId | undefined; readonly limit: number },
): Promise<readonly SealedFace[]> {
  const rows = await sql<FaceRow[]>`
    select id, asset, scheme, country, bank_code, masked, sealed, key_version from ${sql(table)}
    ${behind === undefined ? sql`` : sql`where id > ${uuidOf(behind)}`} order by id limit ${limit}`
  return rows.map(({ id, bank_code: bankCode, sealed, key_version, ...face }) => ({
    ...face,
    bankCode,
    id: idOf(SEALED_TABLES[table], id),
    ...sealedOf({ sealed, key_version }),
  }))
}
