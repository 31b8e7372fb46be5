import type { Transaction } from '../../database/client.ts'
import { consumeState, upsertState } from './oauth-state.ts'

/** What must be known when a customer comes back from the broker's identity provider. */
export type SignIn = { readonly uid: string; readonly nonce: string; readonly verifier: string }

const MODEL = 'SignIn'
const LIFE_SECONDS = 900

/** Keeps a sign-in that has begun, under its state. */
export async function keepSignIn(
  tx: Transaction,
  { state, ...signIn }: SignIn & { readonly state: string },
): Promise<void> {
  const none = { grantId: undefined, uid: undefined, userCode: undefined }
  await upsertState(tx, { ...none, model: MODEL, id: state, payload: signIn, lifeSeconds: LIFE_SECONDS })
}

/** Takes a sign-in under its state: of any number who try, one gets it. */
export async function takeSignIn(tx: Transaction, state: string): Promise<SignIn | undefined> {
  if (state.includes('\u0000') || !(await consumeState(tx, MODEL, state))) return undefined
  const rows = await tx<{ payload: SignIn }[]>`select payload from oauth_state where model = ${MODEL} and id = ${state}`
  return rows[0]?.payload
}
