import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import {
  consumeState,
  deleteState,
  deleteStatesOfGrant,
  insertStateOnce,
  type OauthState,
  type StateName,
  selectState,
  upsertState,
} from '../store/oauth-state.ts'
import { findClientMetadata } from './client-metadata.ts'

/**
 * The authorization server's memory in PostgreSQL, shared by all processes. The library looks whether an assertion or proof
 * was used and then saves it, and consumes codes unguarded: both are races. So saving one and consuming are conditional
 * statements here, and the loser gets an error of the library's own (PITFALLS, oidc-provider 1).
 */
export function stateAdapter(context: Context): AdapterFactory {
  return (model) => (model === 'Client' ? clientAdapter(context) : modelAdapter(context, model))
}

function modelAdapter(context: Context, model: string): Adapter {
  const { database } = context
  const find = async (by: StateName, name: string): Promise<AdapterPayload | undefined> => {
    // PostgreSQL's text holds no NUL: nothing is kept under such a name
    return name.includes('\u0000') ? undefined : selectState(database.reads, { model, by, name })
  }
  return {
    upsert: (id, payload, expiresIn) => save(context, stateOf({ model, id, payload, expiresIn })),
    find: (id) => find('id', id),
    findByUid: (uid) => find('uid', uid),
    findByUserCode: (userCode) => find('user_code', userCode),
    consume: (id) => consume(context, model, id),
    destroy: (id) => database.transaction((tx) => deleteState(tx, model, id)),
    revokeByGrantId: (grantId) => database.transaction((tx) => deleteStatesOfGrant(tx, model, grantId)),
  }
}

function stateOf(entry: {
  readonly model: string
  readonly id: string
  readonly payload: AdapterPayload
  readonly expiresIn: number | undefined
}): OauthState {
  const { model, id, payload, expiresIn: lifeSeconds } = entry
  invariant(lifeSeconds !== undefined, `what is kept of ${model} expires`)
  const { grantId, uid, userCode } = payload
  return { model, id, payload, grantId, uid, userCode, lifeSeconds }
}

async function save({ database }: Context, state: OauthState): Promise<void> {
  if (state.model !== 'ReplayDetection') return database.transaction((tx) => upsertState(tx, state))
  const first = await database.transaction((tx) => insertStateOnce(tx, state))
  if (!first) throw new errors.InvalidGrant('an assertion or a proof was used more than once at the same moment')
}

async function consume({ database }: Context, model: string, id: string): Promise<void> {
  const first = await database.transaction((tx) => consumeState(tx, model, id))
  if (first) return
  if (model === 'PushedAuthorizationRequest') throw new errors.InvalidRequestUri('the request was used already')
  throw new errors.InvalidGrant(`${model} was consumed at the same moment`)
}

/** Clients are the partners' own; the library only looks them up. */
function clientAdapter(context: Context): Adapter {
  const refuse = async (): Promise<never> => {
    throw new errors.InvalidRequest('clients are registered by the operator')
  }
  const nothing = async (): Promise<undefined> => undefined
  return {
    find: (id) => findClientMetadata(context, id),
    findByUid: nothing,
    findByUserCode: nothing,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  }
}
