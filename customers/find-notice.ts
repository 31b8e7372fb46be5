import type { Context } from '../database/context.ts'
import type { Notice } from './notice.ts'
import { selectCurrentNotice, selectNotice } from './store/notices.ts'

/** A version of a purpose's notice, the one in force unless one is named; nothing where none was published. */
export async function findNotice(
  { database: { reads } }: Context,
  { purpose, version }: { readonly purpose: string; readonly version?: number },
): Promise<Notice | undefined> {
  return version === undefined ? selectCurrentNotice(reads, purpose) : selectNotice(reads, purpose, version)
}
