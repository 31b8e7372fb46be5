import type { Reader, Transaction } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import { deleteState, selectState, upsertState } from './oauth-state.ts'

/** Who signed in to their own pages, and how they proved who they are. */
export type CustomerSession = {
  readonly customer: Id<'cus'>
  readonly authentication: { readonly acr?: string; readonly amr?: readonly string[]; readonly authTime: string }
}

const MODEL = 'CustomerSession'

/** A session is over after this time, whatever is done in it. */
export const SESSION_SECONDS = 900

/** Keeps a session under the hash of its secret. */
export async function keepSession(tx: Transaction, id: string, session: CustomerSession): Promise<void> {
  const none = { grantId: undefined, uid: undefined, userCode: undefined }
  await upsertState(tx, { ...none, model: MODEL, id, payload: session, lifeSeconds: SESSION_SECONDS })
}

/** A session that is not over. The payload is what {@link keepSession} put there: nothing else writes this model. */
export async function selectSession(sql: Reader, id: string): Promise<CustomerSession | undefined> {
  const payload = await selectState(sql, { model: MODEL, by: 'id', name: id })
  return payload as unknown as CustomerSession | undefined
}

export async function endSession(tx: Transaction, id: string): Promise<void> {
  await deleteState(tx, MODEL, id)
}
