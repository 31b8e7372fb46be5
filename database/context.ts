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
  /** Whether partners may be told at private addresses and without TLS: in development alone; not when absent. */
  readonly privateWebhooks?: boolean
  /** Hours for which nothing is paid to a partner's new bank account; as `DEFAULT_ACCOUNT_CHANGE_HOLD_HOURS` when absent. */
  readonly accountChangeHoldHours?: number
  /** As `DEFAULT_RECONCILIATION` when absent. */
  readonly reconciliation?: ReconciliationSettings
  /** Of the next key that seals values of tags; as `DEFAULT_TAG_CIPHER` when absent. */
  readonly tagCipher?: TagCipher
}

export const DEFAULT_ACCOUNT_CHANGE_HOLD_HOURS = 72

/** How strict the reconciliation with banks is. */
export type ReconciliationSettings = {
  /** The largest difference that two persons may write off, in minor units of whatever asset. */
  readonly toleranceMinor: bigint
  /** Days after which a payout that was sent, and that no entry came for, is a break. */
  readonly missingDays: number
}

export const DEFAULT_RECONCILIATION: ReconciliationSettings = { toleranceMinor: 100n, missingDays: 5 }

/** How values of tags are sealed: SM4 goes with HMAC-SM3, by GB/T 32907 and GB/T 32905. */
export const TAG_CIPHERS = ['AES-256-GCM', 'SM4'] as const
export type TagCipher = (typeof TAG_CIPHERS)[number]

export const DEFAULT_TAG_CIPHER: TagCipher = 'AES-256-GCM'
