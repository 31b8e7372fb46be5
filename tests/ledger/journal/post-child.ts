import { openDatabase } from '../../../database/client.ts'
import { postEntry } from '../../../ledger/journal/post-entry.ts'
import { contextOver, TEST_TIME, testClock } from '../../support/database.ts'

// A process of its own that posts the same references as its siblings, several at once: address and count as arguments.
const [address = '{}', count = '0'] = process.argv.slice(2)
const database = openDatabase(JSON.parse(address), 'tributary:tests:child', 5)
const context = contextOver(database, testClock(TEST_TIME))
const posted = await Promise.all(
  Array.from({ length: Number(count) }, (_, n) =>
    postEntry(context, {
      at: new Date('2026-03-01T00:00:00Z'),
      description: 'Posted by two processes',
      reference: `processes:${n}`,
      postings: [
        { account: `Processes:A${n % 7}`, asset: 'CNY/2', minor: 5n },
        { account: 'Processes:Hot', asset: 'CNY/2', minor: -5n },
      ],
    }),
  ),
)
await database.close()
console.log(JSON.stringify(posted))
