import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { diffTerms, type TermsChange } from './diff-terms.ts'
import { findTerms } from './find-terms.ts'
import type { Terms } from './terms.ts'

export type CompareTermsInput = {
  /** Code or id. */
  readonly programme: string
  /** The version before, and the one it is compared with; any two, in either order. */
  readonly from: number
  readonly to: number
}

/** Two versions of terms and all that differs. */
export type ComparedTerms = {
  readonly before: Terms
  readonly after: Terms
  readonly changes: readonly TermsChange[]
}

/** Compares two published versions of a programme's terms. Throws `NOT_FOUND` for the programme or a version. */
export async function compareTerms(
  context: Context,
  { programme, from, to }: CompareTermsInput,
): Promise<ComparedTerms> {
  const read = async (version: number, field: string): Promise<Terms> => {
    const found = await findTerms(context, { programme, version })
    if (found !== undefined) return found.terms
    throw new Fault('NOT_FOUND', `there is no version ${version} of the terms of ${programme}`, { field })
  }
  const [before, after] = [await read(from, 'from'), await read(to, 'to')]
  return { before, after, changes: diffTerms(before, after) }
}
