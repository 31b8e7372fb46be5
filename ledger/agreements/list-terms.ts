import type { Context } from '../../database/context.ts'
import { requireProgramme } from './store/programmes.ts'
import { termsOfProgramme } from './store/terms.ts'
import type { TermsVersion } from './terms.ts'

/** All versions of a programme's terms, ascending; there are at most as many as months. Throws `NOT_FOUND`. */
export async function listTerms(
  context: Context,
  { programme }: { readonly programme: string },
): Promise<readonly TermsVersion[]> {
  const { id } = await requireProgramme(context.database.reads, programme)
  return termsOfProgramme(context.database.reads, id)
}
