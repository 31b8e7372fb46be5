import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../../../database/client.ts'
import { runImport } from '../../../records/import/run-import.ts'
import { contextOver, TEST_TIME, testClock } from '../../support/database.ts'
import { thingsFrom, writeThings } from './things.ts'

// An import in a process of its own: address, file, and how long each batch takes. It prints how far it has come.
const [address = '{}', file = '', pause = '0'] = process.argv.slice(2)
const database = openDatabase(JSON.parse(address), 'tributary:tests:child', 5)
const context = contextOver(database, testClock(TEST_TIME))
try {
  const report = await runImport(
    context,
    thingsFrom(file, {
      batchSize: 100,
      write: async (tx, items) => {
        const outcomes = await writeThings(tx, items)
        await sleep(Number(pause))
        return outcomes
      },
      onProgress: ({ rows }) => console.log(`rows ${rows}`),
    }),
  )
  console.log(`done ${JSON.stringify(report)}`)
} catch (error) {
  console.log(`failed ${error instanceof Error && 'code' in error ? error.code : error}`)
}
await database.close()
