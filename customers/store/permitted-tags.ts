import type { Reader } from '../../database/client.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'

/** What stands between a partner and a tag now, by the views of the folders of partners and of agreements. */
export type Permission = {
  readonly key: string
  readonly category: string
  /** The partner may have tags of the category. */
  readonly capable: boolean
  /** An agreement in force names the tag for the purpose, or none names any. */
  readonly agreed: boolean
  /** Whether the purpose is for supplying, and the partner one of those that may supply the tag. */
  readonly supply: boolean
  readonly supplies: boolean
}

/** Of tags that are defined. */
export async function selectPermissions(
  sql: Reader,
  {
    partner,
    purpose,
    keys,
  }: { readonly partner: Id<'ptr'>; readonly purpose: string; readonly keys: readonly string[] },
): Promise<readonly Permission[]> {
  const id = uuidOf(partner)
  return sql<Permission[]>`
    with agreed as materialized (
      select purpose, tag_key from agreement_data_scopes where partner_id = ${id}
    )
    select d.key, d.category,
           coalesce(
             (select c.status from partner_capabilities c
              where c.partner_id = ${id} and c.kind = 'TAGS' and c.key = d.category),
             (select f.status from capability_defaults f where f.kind = 'TAGS')) = 'ACTIVE' as capable,
           not exists (select from agreed)
             or exists (select from agreed a where a.purpose = ${purpose} and a.tag_key = d.key) as agreed,
           exists (select from purposes p where p.key = ${purpose} and p.direction = 'SUPPLY') as supply,
           exists (select from partner_suppliers s where s.partner_id = ${id} and s.code = any(d.suppliers)) as supplies
    from tag_definitions d where d.key = any(${[...keys]}::text[])`
}
