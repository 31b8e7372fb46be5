import type { Context } from '../../database/context.ts'
import { requireProgramme } from './store/programmes.ts'
import { selectLastTerms, selectTerms } from './store/terms.ts'
import type { TermsVersion } from './terms.ts'

export type FindTermsInput = { readonly programme: string; readonly version?: number | undefined }

/** One version of a programme's terms, the last one when none is named, or nothing. `NOT_FOUND` for the programme. */
export async function findTerms(
  context: Context,
  { programme, version }: FindTermsInput,
): Promise<TermsVersion | undefined> {
  const sql = context.database.reads
  const { id } = await requireProgramme(sql, programme)
  if (version === undefined) return selectLastTerms(sql, id)
  return Number.isInteger(version) && Math.abs(version) < 2 ** 31
    ? selectTerms(sql, { programme: id, version })
    : undefined
}
