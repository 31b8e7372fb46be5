import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../../database/client.ts'
import { invariant } from '../../kernel/invariant.ts'
import { checkPlaces } from './check-places.ts'
import type { CheckerData, CheckerOrder } from './checker.ts'

// A thread that checks places as they are asked for, until it is told to end.
invariant(parentPort, 'this is started as a thread')
const port = parentPort
const { address, stored }: CheckerData = workerData
const tree = { size: stored.size, edge: stored.edge.map((row) => Buffer.from(row)) }
const database = openDatabase(address, 'tributary:verify', 1)
// what fails in here ends the thread, and is told to whoever started it
port.on('message', async (order: CheckerOrder) => {
  if (order !== 'end') return port.postMessage(await checkPlaces(database, tree, order))
  await database.close()
  port.close()
})
