import { openDatabase } from '../../database/client.ts'
import { once } from '../../records/once.ts'
import { contextOver, TEST_TIME, testClock } from '../support/database.ts'

// A process of its own that asks for the same thing several times at once: address, key and request as arguments.
const [address = '{}', key = '', request = ''] = process.argv.slice(2)
const database = openDatabase(JSON.parse(address), 'tributary:tests:child', 5)
const context = contextOver(database, testClock(TEST_TIME))
const answers = await Promise.all(
  Array.from({ length: 5 }, () =>
    once(context, { scope: 'tests', key, request }, async (tx) => {
      const [row] = await tx<{ id: string }[]>`insert into effects (of_key) values (${key}) returning id`
      return { id: row?.id ?? '', by: String(process.pid) }
    }),
  ),
)
await database.close()
console.log(JSON.stringify(answers))
