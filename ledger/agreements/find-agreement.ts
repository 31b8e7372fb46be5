import type { Context } from '../../database/context.ts'
import { isId } from '../../kernel/ids.ts'
import type { Agreement } from './agreement.ts'
import { selectAgreement } from './store/agreements.ts'

/** The agreement with this id, or nothing. */
export async function findAgreement(context: Context, id: string): Promise<Agreement | undefined> {
  return isId('agr', id) ? selectAgreement(context.database.reads, id) : undefined
}
