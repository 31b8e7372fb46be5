import { openDatabase } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import { redeemPoints } from '../../../ledger/points/redeem-points.ts'
import { contextOver, testClock } from '../../support/database.ts'
import { LOCKED_AT } from './times.ts'

// A process of its own that takes one reward several times at once: address, account key, reward, name and count.
const [address = '{}', accountKey = '', reward = '', name = '', count = '0'] = process.argv.slice(2)
const database = openDatabase(JSON.parse(address), 'tributary:tests:child', 8)
const context = contextOver(database, testClock(LOCKED_AT))
const outcomes = await Promise.all(
  Array.from({ length: Number(count) }, (_, n) =>
    redeemPoints(context, { whose: { accountKey }, reward, idempotencyKey: `${name}-${n}` }).then(
      () => 'redeemed',
      (error: unknown) => {
        if (error instanceof Fault) return error.code
        throw error
      },
    ),
  ),
)
await database.close()
console.log(JSON.stringify(outcomes))
