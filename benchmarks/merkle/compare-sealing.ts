import { type BenchResult, compare, measure } from '../harness.ts'
import type { BenchLog } from './bench-log.ts'

const LEAST_SPEED = 0.3

/**
 * Compares the seconds that sealing took with one statement that hashes the same records into a table with the indexes
 * and constraints of `seals`: no turns, no tree. It comes second, when everything is in memory already.
 */
export async function compareSealing({ owner, records }: BenchLog, seconds: number): Promise<BenchResult> {
  await owner`create table seals_by_hand (like seals including all)`
  const peer = await measure(
    'one statement',
    () => owner`
      insert into seals_by_hand (seq, record_id, commitment)
      select row_number() over (order by r.tx_id, r.id), r.id, sha256(r.salt || convert_to(r.body, 'UTF8'))
      from records r order by r.tx_id, r.id`,
  )
  const [row] = await owner<{ same: boolean }[]>`
    select not exists (table seals except table seals_by_hand) as same`
  if (row?.same !== true) throw new Error('the one statement made other seals')
  await owner`drop table seals_by_hand`
  return compare({
    name: `sealing ${records} records`,
    ours: records / seconds,
    peer: records / peer,
    unit: 'records/s (peer: one insert … select)',
    target: LEAST_SPEED,
    better: 'higher',
  })
}
