// Started by tests as a process of its own: writes records and entries, and seals, until it is told to stop; after each
// commit it prints how many records it has written.
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '../../../app/config.ts'
import { openContext } from '../../../app/open-context.ts'
import type { Context } from '../../../database/context.ts'
import { silentLog } from '../../../kernel/log.ts'
import { postEntries } from '../../../ledger/journal/post-entries.ts'
import { appendRecords } from '../../../records/append-records.ts'
import { sealRecords } from '../../../records/seal-records.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'

const [origin = ''] = process.argv.slice(2)
const { context, close } = await openContext(readConfig(process.env), {
  actor: 'system:tests',
  name: 'tributary:tests:writer',
  log: silentLog,
})
let told = false
process.once('SIGTERM', () => (told = true))
let written = 0
await Promise.all([write(context), write(context), seal(context)])
await close()

async function write(inside: Context): Promise<void> {
  for (let n = 0; !told; n++) {
    await inside.database.transaction(async (tx) => {
      const products = Array.from({ length: 49 }, (_, i) => ({ kind: 'import', data: { n: BigInt(i) } }) as const)
      await appendRecords(inside, tx, products)
      await postEntries(inside, tx, [entry(n)])
    })
    written += 50
    console.log(written)
    await sleep(5)
  }
}

function entry(n: number): Parameters<typeof postEntries>[2][number] {
  return {
    at: new Date('2026-03-01T00:00:00Z'),
    description: 'written while the backup is made',
    reference: `backup:${process.pid}:${Math.random()}`,
    postings: [
      { account: 'Expenses:Trial', asset: 'CNY/2', minor: BigInt(n + 1) },
      { account: 'Bank:trial', asset: 'CNY/2', minor: -BigInt(n + 1) },
    ],
  }
}

async function seal(inside: Context): Promise<void> {
  while (!told) if ((await sealRecords(inside)) > 0) await signCheckpoint(inside, { origin })
}
