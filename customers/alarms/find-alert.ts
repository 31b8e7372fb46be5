import type { Context } from '../../database/context.ts'
import { isId } from '../../kernel/ids.ts'
import type { Alert } from './alert.ts'
import { selectAlert } from './store/alerts.ts'

/** The alert with this id, or nothing. */
export async function findAlert({ database: { reads } }: Context, id: string): Promise<Alert | undefined> {
  return isId('alr', id) ? selectAlert(reads, id) : undefined
}
