// A process that reports contributions, for tests with several at once. It tells how many it recorded and replayed.
import { type DatabaseAddress, openDatabase } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import type { Id } from '../../../kernel/ids.ts'
import { keyringOf } from '../../../kernel/keyring.ts'
import { silentLog } from '../../../kernel/log.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { callerOf, referral } from './factories.ts'

/** What the process is given, as JSON in its one argument. */
export type ReportingOrder = {
  readonly address: DatabaseAddress
  readonly now: string
  readonly partner: Id<'ptr'>
  readonly items: number
  readonly batch: number
}

const { address, now, partner, items, batch }: ReportingOrder = JSON.parse(process.argv[2] ?? '{}')
const database = openDatabase(address, 'tributary:reporting', 2)
const context: Context = {
  clock: { now: () => new Date(now) },
  log: silentLog,
  database,
  keyring: keyringOf(Buffer.alloc(32, 7)),
  actor: `partner:${partner}`,
}

const told = { recorded: 0, replayed: 0, refused: 0 }
try {
  for (let from = 0; from < items; from += batch) {
    const some = Array.from({ length: batch }, (_, index) =>
      referral(`c-${from + index}`, { lead: `lead-${from + index}` }),
    )
    for (const { outcome } of await reportContributions(context, { caller: callerOf(partner), items: some })) {
      told[outcome] += 1
    }
  }
  console.log(JSON.stringify(told))
} finally {
  await database.close()
}
