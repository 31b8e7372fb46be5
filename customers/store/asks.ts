import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

/** That a partner may ask customers for data of some categories, for a purpose. */
export type Ask = {
  readonly partner: Id<'ptr'>
  readonly purpose: string
  readonly nameEn: string
  readonly nameZh: string
  readonly categories: readonly string[]
}

/**
 * By the views of the folders of partners and of agreements, as `selectPermissions` says of single tags: the category is
 * active for the partner, and an agreement in force names the tag for the purpose, or none names any.
 */
export async function selectAsks(sql: Reader, partners: readonly Id<'ptr'>[]): Promise<readonly Ask[]> {
  const rows = await sql<(Omit<Ask, 'partner'> & { readonly partner_id: string })[]>`
    with asked as (select unnest(${partners.map(uuidOf)}::text[]::uuid[]) as partner_id),
    agreed as materialized (
      select s.partner_id, s.purpose, s.tag_key from agreement_data_scopes s join asked using (partner_id)
    ), limited as materialized (select distinct partner_id from agreed)
    select a.partner_id, p.key as purpose, p.name_en as "nameEn", p.name_zh as "nameZh",
      array_agg(distinct d.category order by d.category) as categories
    from asked a cross join purposes p join tag_definitions d on d.key = any(p.tag_keys) and d.retired_at is null
    where p.direction = 'READ'
      and coalesce(
        (select c.status from partner_capabilities c
         where c.partner_id = a.partner_id and c.kind = 'TAGS' and c.key = d.category),
        (select f.status from capability_defaults f where f.kind = 'TAGS')) = 'ACTIVE'
      and (not exists (select from limited l where l.partner_id = a.partner_id)
        or exists (select from agreed g where g.partner_id = a.partner_id and g.purpose = p.key and g.tag_key = d.key))
    group by a.partner_id, p.key, p.name_en, p.name_zh
    order by a.partner_id, p.key`
  return rows.map(({ partner_id, ...ask }) => ({ ...ask, partner: idOf('ptr', partner_id) }))
}
