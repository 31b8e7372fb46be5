import { afterAll, beforeAll, inject } from 'vitest'
import { type Database, type DatabaseAddress, openDatabase, openPool, type Pool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Clock } from '../../kernel/clock.ts'
import { keyringOf } from '../../kernel/keyring.ts'
import { silentLog } from '../../kernel/log.ts'
import { inDatabase } from './global-setup.ts'

/** A clock that stands still until it is told. */
export type TestClock = Clock & { readonly set: (at: string | Date) => void }

/** A database of one's own, cloned from the migrated template, and a context over it. */
export type TestWorld = {
  readonly context: Context
  readonly clock: TestClock
  /** Superuser's connection: to look behind the application's back, or to tamper. */
  readonly owner: Pool
  /** Address of the application's role, for further pools and processes. */
  readonly address: DatabaseAddress
  /** Address of the superuser. */
  readonly ownerAddress: DatabaseAddress
}

/** The first instant of the tests' clock. */
export const TEST_TIME = '2026-03-15T08:00:00.000Z'

/** The master key of every world. */
export const TEST_MASTER_KEY = Buffer.alloc(32, 7)

let made = 0

/** Makes a world. Call {@link TestWorld} parts only while the tests run; `close` drops the database. */
export async function createWorld(): Promise<TestWorld & { readonly close: () => Promise<void> }> {
  const { address: server, template } = inject('testServer')
  const name = `test_${process.pid}_${++made}_${Math.random().toString(36).slice(2, 8)}`
  const admin = openPool(server, 'tributary:tests', 1)
  await admin.unsafe(`create database ${name} template ${template}`)
  const ownerAddress = inDatabase(server, name)
  const address: DatabaseAddress = { ...ownerAddress, role: 'tributary_app' }
  const owner = openPool(ownerAddress, 'tributary:tests:owner', 2)
  const database = openDatabase(address, 'tributary:tests', 10)
  const clock = testClock(TEST_TIME)
  const close = async (): Promise<void> => {
    await Promise.all([database.close(), owner.end({ timeout: 5 })])
    await admin.unsafe(`drop database if exists ${name} with (force)`)
    await admin.end()
  }
  return { context: contextOver(database, clock), clock, owner, address, ownerAddress, close }
}

/** A world for all tests of a file; read it inside tests and hooks. */
export function useWorld(): TestWorld {
  let world: Awaited<ReturnType<typeof createWorld>> | undefined
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(async () => {
    await world?.close()
  })
  const present = (): TestWorld => {
    if (world === undefined) throw new Error('the world is made in beforeAll: read it inside a test')
    return world
  }
  return {
    get context() {
      return present().context
    },
    get clock() {
      return present().clock
    },
    get owner() {
      return present().owner
    },
    get address() {
      return present().address
    },
    get ownerAddress() {
      return present().ownerAddress
    },
  }
}

/** A context like the composition root's, with the tests' clock and a fixed master key. */
export function contextOver(database: Database, clock: Clock): Context {
  return { clock, log: silentLog, database, keyring: keyringOf(TEST_MASTER_KEY), actor: 'system:tests' }
}

/** A clock at an instant. */
export function testClock(at: string): TestClock {
  let now = new Date(at)
  return {
    now: () => new Date(now),
    set: (next) => {
      now = new Date(next)
    },
  }
}
