import { z } from 'zod'
import type { Reader } from '../../database/client.ts'
import { invalid } from './parse-exactly.ts'
import { selectUnknownTags } from './store/data-scopes.ts'

const name = z.string().min(1).max(63)
const unique = (names: readonly string[]): boolean => new Set(names).size === names.length

/** Which tags a partner may ask customers for, for each purpose; sorted, so that the same scope has the same hash. */
export const dataScope = z
  .array(z.strictObject({ purpose: name, tags: z.array(name).min(1).max(200).refine(unique, 'a tag stands twice') }))
  .min(1)
  .max(50)
  .refine((scope) => unique(scope.map(({ purpose }) => purpose)), 'a purpose stands twice')
  .transform((scope) =>
    scope
      .map(({ purpose, tags }) => ({ purpose, tags: tags.toSorted() }))
      .toSorted((a, b) => (a.purpose < b.purpose ? -1 : 1)),
  )

export type DataScope = z.output<typeof dataScope>

const offered = z.object({ dataScope: dataScope.optional() })

/** The data scope that a partner signs with an offer, if the offer has one. */
export function dataScopeIn(body: string): DataScope | undefined {
  return offered.parse(JSON.parse(body)).dataScope
}

/** Throws `INVALID_INPUT` for a purpose that there is not, and for a tag that is not in its catalogue. */
export async function refuseUnknownScope(sql: Reader, scope: DataScope | undefined): Promise<void> {
  if (scope === undefined) return
  const [unknown] = await selectUnknownTags(sql, scope)
  if (unknown === undefined) return
  throw invalid('agreement', ['dataScope'], `tag ${unknown.tag} is not in the catalogue of ${unknown.purpose}`)
}
