// A process that writes to the log or seals it, for tests with several of them. It is told what to do in lines, and tells
// what it has done in lines of JSON: { "did": … }. It ends when its input does.
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase, savepoint, type Transaction } from '../../database/client.ts'
import { newId } from '../../kernel/ids.ts'
import { appendRecords } from '../../records/append-records.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { contextOver, TEST_TIME, testClock } from '../support/database.ts'

/** What one transaction of a writer left behind, told in the order in which they committed. */
export type Written = { readonly kept: readonly string[]; readonly lost: readonly string[] }

const LANES = 4
const TRANSACTIONS_OF_A_LANE = 8
const HELD_MS = 120

class RolledBack extends Error {}

const [mode = '', address = '{}'] = process.argv.slice(2)
const database = openDatabase(JSON.parse(address), `tributary:tests:${mode}`, LANES)
const context = contextOver(database, testClock(TEST_TIME))
const lines = createInterface({ input: process.stdin })
tell({ did: 'start' })
await (mode === 'writer' ? writeRounds() : sealOn())
await database.close()

/** A round of transactions for each line. */
async function writeRounds(): Promise<void> {
  for await (const _ of lines) {
    const rounds = await Promise.all(Array.from({ length: LANES }, (_, lane) => writeLane(lane)))
    tell({ did: 'round', transactions: rounds.length * TRANSACTIONS_OF_A_LANE })
  }
}

async function writeLane(lane: number): Promise<void> {
  for (let n = 0; n < TRANSACTIONS_OF_A_LANE; n++) {
    const written = await write({ held: lane === 0 && n % 4 === 1, whole: (lane + n) % 5 !== 4, part: n % 3 !== 0 })
    tell({ did: 'write', ...written })
  }
}

/** One transaction; what it does not keep as a whole, or in its savepoint, it rolls back after it was written. */
async function write(what: { held: boolean; whole: boolean; part: boolean }): Promise<Written> {
  const [first, inside, last] = [newId('rec'), newId('rec'), newId('rec')]
  const one = (tx: Transaction, id: typeof first) =>
    appendRecords(context, tx, [{ id, kind: 'product', data: { held: what.held } }])
  const work = context.database.transaction(async (tx) => {
    await one(tx, first)
    if (what.held) await sleep(HELD_MS)
    const part = savepoint(tx, async (inner) => {
      await one(inner, inside)
      if (!what.part) throw new RolledBack()
    })
    await part.catch(onlyRolledBack)
    await one(tx, last)
    if (!what.whole) throw new RolledBack()
  })
  await work.catch(onlyRolledBack)
  const outside = [first, last]
  if (!what.whole) return { kept: [], lost: [...outside, inside] }
  return what.part ? { kept: [first, inside, last], lost: [] } : { kept: outside, lost: [inside] }
}

function onlyRolledBack(error: unknown): void {
  if (!(error instanceof RolledBack)) throw error
}

/** Seals all the time. Once it is told a line, it holds the next turn that sealed something: it never commits it. */
async function sealOn(): Promise<void> {
  const told = { hold: false, end: false }
  lines.on('line', () => {
    told.hold = true
  })
  lines.on('close', () => {
    told.end = true
  })
  while (!told.end) {
    const sealed = await sealRecords({ ...context, database: holding(told) }, 40)
    if (sealed > 0) tell({ did: 'seal', sealed })
    else await sleep(5)
  }
}

function holding(told: { readonly hold: boolean }): Database {
  return {
    ...database,
    transaction: (work, options) =>
      database.transaction(async (tx) => {
        const result = await work(tx)
        if (told.hold && result !== 0) {
          tell({ did: 'hold', sealed: result })
          await new Promise<never>(() => {})
        }
        return result
      }, options),
  }
}

function tell(what: { readonly did: string; readonly [more: string]: unknown }): void {
  console.log(JSON.stringify(what))
}
