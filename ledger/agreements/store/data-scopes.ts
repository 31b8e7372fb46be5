import type { Reader } from '../../../database/client.ts'

/** Tags that no purpose's catalogue has, by the view of the folder of customers. */
export async function selectUnknownTags(
  sql: Reader,
  scope: readonly { readonly purpose: string; readonly tags: readonly string[] }[],
): Promise<readonly { readonly purpose: string; readonly tag: string }[]> {
  const asked = scope.flatMap(({ purpose, tags }) => tags.map((tag) => ({ purpose, tag })))
  return sql<{ purpose: string; tag: string }[]>`
    select a.purpose, a.tag from unnest(${asked.map(({ purpose }) => purpose)}::text[], ${asked.map(({ tag }) => tag)}::text[])
      with ordinality as a (purpose, tag, place)
    where not exists (select from purpose_tags p where p.purpose = a.purpose and p.tag_key = a.tag)
    order by a.place`
}
