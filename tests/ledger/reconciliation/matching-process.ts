import { openDatabase } from '../../../database/client.ts'
import { matchBankEntries } from '../../../ledger/reconciliation/match-bank-entries.ts'
import { contextOver, testClock } from '../../support/database.ts'

// A process of its own that matches at the same time as its siblings: address and time as arguments.
const [address = '{}', at = ''] = process.argv.slice(2)
const database = openDatabase(JSON.parse(address), 'tributary:tests:matching', 5)
const report = await matchBankEntries(contextOver(database, testClock(at)))
await database.close()
console.log(JSON.stringify(report))
