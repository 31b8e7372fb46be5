import { openPool, type Pool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { appendRecords } from '../../records/append-records.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { measure } from '../harness.ts'
import { settle } from '../import/copy-tables.ts'
import { type BenchWorld, openContext } from '../ledger/bench-world.ts'

/** A log in a database of its own. */
export type BenchLog = {
  readonly context: Context
  /** The database's owner, on one connection without a time limit. */
  readonly owner: Pool
  readonly records: number
  readonly close: () => Promise<void>
}

const AT_ONCE = 5000
/** Bodies differ in length, from 300 to 600 bytes with their frame. */
const SHORTEST_NOTE = 60
const NOTE_LENGTHS = 250

/** Opens a migrated database and appends so many records to its log, none of them sealed. */
export async function openLog(world: BenchWorld, name: string, records: number): Promise<BenchLog> {
  const address = await world.migrated(name)
  const { context, close } = openContext(address)
  const owner = openPool(address, 'tributary:bench:owner', 1)
  await owner`set statement_timeout = 0`
  await fill(context, records)
  await owner`analyze records`
  // what was written before must not weigh on what is measured
  await settle(world.server)
  return {
    context,
    owner,
    records,
    close: async () => {
      await Promise.all([close(), owner.end()])
    },
  }
}

async function fill(context: Context, records: number): Promise<void> {
  for (let from = 0; from < records; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, records - from) }, (_, n) => factOf(from + n))
    await context.database.transaction((tx) => appendRecords(context, tx, some))
  }
}

function factOf(n: number) {
  const note = 'A fact that a broker told about an order. '.repeat(8).slice(0, SHORTEST_NOTE + (n % NOTE_LENGTHS))
  const data = { amount: BigInt(n), asset: 'CNY/2', customer: `customer:${n % 1000}`, note, reference: `order:${n}` }
  return { kind: 'revenue_event', data } as const
}

/** Seals all of it; returns the seconds. */
export async function sealLog({ context, records }: BenchLog): Promise<number> {
  let sealed = 0
  const seconds = await measure(`sealing ${records} records`, async () => {
    for (let some = -1; some !== 0; sealed += some) some = await sealRecords(context)
  })
  if (sealed !== records) throw new Error(`${sealed} of ${records} records were sealed`)
  return seconds
}
