// A process that calculates, locks or closes a period, for tests that kill it. It tells each step on a line of its own; at the step where it is
// told to stop it stands still, holding all it holds, until it is killed.
import { type DatabaseAddress, openDatabase } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import { Fault } from '../../../kernel/fault.ts'
import { keyringOf } from '../../../kernel/keyring.ts'
import { silentLog } from '../../../kernel/log.ts'
import { calculatePeriod } from '../../../ledger/settlement/calculate-period.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import type { ClosingProgress } from '../../../ledger/settlement/closing-progress.ts'
import { lockPeriod } from '../../../ledger/settlement/lock-period.ts'

/** What the process is given, as JSON in its one argument. */
export type ClosingOrder = {
  readonly address: DatabaseAddress
  readonly now: string
  readonly programme: string
  readonly month: string
  /** `close` unless given. */
  readonly verb?: keyof typeof VERBS
  /** `<step>:<facts>`, e.g. `WRITING:5000`. */
  readonly stopAt?: string
}

const VERBS = { calculate: calculatePeriod, lock: lockPeriod, close: closePeriod }

const order: ClosingOrder = JSON.parse(process.argv[2] ?? '{}')
const database = openDatabase(order.address, 'tributary:closing', 5)
const context: Context = {
  clock: { now: () => new Date(order.now) },
  log: silentLog,
  database,
  keyring: keyringOf(Buffer.alloc(32, 7)),
  actor: 'system:closing',
}

try {
  const { programme, month } = order
  const input = { programme, month, onProgress: ({ step, facts }: ClosingProgress) => tell(`${step}:${facts}`) }
  const { period } = await VERBS[order.verb ?? 'close'](context, input)
  console.log(period.status)
} catch (error) {
  console.log(error instanceof Fault ? `${error.code}: ${error.message}` : `FAILED: ${error}`)
} finally {
  await database.close()
}

function tell(step: string): void {
  console.log(step)
  if (step === order.stopAt) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
