// A process that renews the key of bank accounts, for a test that kills it: at its first batch it stands still.
import { type DatabaseAddress, openDatabase } from '../../../database/client.ts'
import { systemClock } from '../../../kernel/clock.ts'
import { keyringOf } from '../../../kernel/keyring.ts'
import { silentLog } from '../../../kernel/log.ts'
import { rotateBankKeys } from '../../../ledger/bank-accounts/rotate-bank-keys.ts'

const address: DatabaseAddress = JSON.parse(process.argv[2] ?? '{}')
const database = openDatabase(address, 'tributary:rotating', 2)
const keyring = keyringOf(Buffer.alloc(32, 7))

await rotateBankKeys(
  { clock: systemClock, log: silentLog, database, keyring, actor: 'staff:ann' },
  {
    onProgress: ({ done }) => {
      console.log(`${done}`)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    },
  },
)
