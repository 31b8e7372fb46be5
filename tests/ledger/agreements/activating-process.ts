// A process that activates proposed terms, for tests with several at once. It tells which version they became.
import { type DatabaseAddress, openDatabase } from '../../../database/client.ts'
import { keyringOf } from '../../../kernel/keyring.ts'
import { silentLog } from '../../../kernel/log.ts'
import { activateTerms } from '../../../ledger/agreements/activate-terms.ts'

/** What the process is given, as JSON in its one argument. */
export type ActivatingOrder = { readonly address: DatabaseAddress; readonly now: string; readonly proposal: string }

const { address, now, proposal }: ActivatingOrder = JSON.parse(process.argv[2] ?? '{}')
const database = openDatabase(address, 'tributary:activating', 2)
try {
  const clock = { now: () => new Date(now) }
  const context = {
    clock,
    log: silentLog,
    database,
    keyring: keyringOf(Buffer.alloc(32, 7)),
    actor: 'staff:a',
  } as const
  const { terms } = await activateTerms(context, { proposal })
  console.log(terms)
} finally {
  await database.close()
}
