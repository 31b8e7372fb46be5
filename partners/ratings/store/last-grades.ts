import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Grade } from '../scorecard.ts'

/** The grade of each partner's last month, by its last correction. */
export async function selectLastGrades(
  sql: Reader,
  partners: readonly Id<'ptr'>[],
): Promise<ReadonlyMap<Id<'ptr'>, Grade>> {
  const rows = await sql<{ partner_id: string; grade: Grade }[]>`
    select distinct on (partner_id) partner_id, grade from scorecards
    where partner_id = any (${partners.map(uuidOf)}::text[]::uuid[]) order by partner_id, month desc, version desc`
  return new Map(rows.map(({ partner_id, grade }) => [idOf('ptr', partner_id), grade]))
}
