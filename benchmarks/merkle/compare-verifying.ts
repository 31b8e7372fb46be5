import { createHash } from 'node:crypto'
import type { Pool } from '../../database/client.ts'
import { verifyRecords } from '../../records/verify-records.ts'
import { type BenchResult, compare, measure } from '../harness.ts'
import { median } from '../ledger/median.ts'
import type { BenchLog } from './bench-log.ts'

const LEAST_SPEED = 0.5

/** Verifies a log beside a bare COPY of its records whose bytes are only hashed, in turns; and the median of its seconds. */
export async function compareVerifying(
  log: BenchLog,
  rounds: number,
): Promise<{ readonly result: BenchResult; readonly seconds: number }> {
  const times: { readonly ours: number[]; readonly peer: number[] } = { ours: [], peer: [] }
  for (let round = 0; round < rounds; round++) {
    times.peer.push(await measure('COPY, only hashed', () => hashCopy(log.owner)))
    times.ours.push(await verifyLogOnce(log))
  }
  const [seconds, peer] = [median(times.ours), median(times.peer)]
  const result = compare({
    name: `verifying ${log.records} records`,
    ours: log.records / seconds,
    peer: log.records / peer,
    unit: 'records/s (peer: COPY, only hashed)',
    target: LEAST_SPEED,
    better: 'higher',
  })
  return { result, seconds }
}

/** Verifies a log and returns the seconds. A log in which something is found measures nothing. */
export async function verifyLogOnce({ context, records }: BenchLog): Promise<number> {
  return measure(`verifying ${records} records`, async () => {
    const [found] = await verifyRecords(context)
    if (found) throw new Error(`${found.where}: ${found.what}`)
  })
}

/** In the order of the table, which costs the server least. */
async function hashCopy(owner: Pool): Promise<void> {
  const copy = owner`copy (select id, kind, salt, body, recorded_at, partner_id from records) to stdout`
  const digest = createHash('sha256')
  for await (const chunk of await copy.readable()) digest.update(chunk)
  digest.digest()
}
