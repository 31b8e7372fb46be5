import type { Context } from '../database/context.ts'
import type { Purpose } from './purpose.ts'
import { selectPurposes } from './store/purposes.ts'

/** The purposes for which tags may be asked, by key. There are some dozens. */
export async function listPurposes(context: Context): Promise<readonly Purpose[]> {
  return selectPurposes(context.database.reads)
}
