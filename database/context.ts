import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Keyring } from '../kernel/keyring.ts'
import type { Log } from '../kernel/log.ts'
import type { Database } from './client.ts'

/** What every verb is given first: the world it acts in, and on whose behalf. Built in `app/`, overridden in tests. */
export type Context = {
  readonly clock: Clock
  readonly log: Log
  readonly database: Database
  readonly keyring: Keyring
  readonly actor: Actor
  /** Hours for which nothing is paid to a partner's new bank account; as `DEFAULT_ACCOUNT_CHANGE_HOLD_HOURS` when absent. */
  readonly accountChangeHoldHours?: number
}

export const DEFAULT_ACCOUNT_CHANGE_HOLD_HOURS = 72
