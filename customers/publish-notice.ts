import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { databaseTime } from '../database/database-time.ts'
import { Fault } from '../kernel/fault.ts'
import { invariant } from '../kernel/invariant.ts'
import { appendRecords } from '../records/append-records.ts'
import { CLOCK_TOLERANCE_MINUTES } from './consent.ts'
import { noticeRecord } from './definition-records.ts'
import { isSameNotice, type Notice } from './notice.ts'
import { insertNotices, selectCurrentNotice, selectNotice } from './store/notices.ts'

/**
 * Publishes the next version of a purpose's notice in the caller's transaction, which holds the purpose. One that was
 * published changes nothing if it says the same. Throws `MEANING_CHANGED` if it does not, and `INVALID_INPUT` for a version
 * that is not the next one, or that ends earlier consents in the past.
 */
export async function publishNotice(context: Context, tx: Transaction, purpose: string, notice: Notice): Promise<void> {
  const published = await selectNotice(tx, purpose, notice.version)
  if (published) {
    if (isSameNotice(published, notice)) return
    throw new Fault('MEANING_CHANGED', `notice ${notice.version} of ${purpose} was published with another text or time`)
  }
  const next = ((await selectCurrentNotice(tx, purpose))?.version ?? 0) + 1
  if (notice.version !== next) {
    throw new Fault('INVALID_INPUT', `the next notice of ${purpose} is version ${next}`, { field: 'notice.version' })
  }
  const earliest = (await databaseTime(tx)).getTime() - CLOCK_TOLERANCE_MINUTES * 60_000
  if (notice.earlierUntil && notice.earlierUntil.getTime() < earliest) {
    throw new Fault('INVALID_INPUT', 'consents are not ended in the past', { field: 'notice.earlierUntil' })
  }
  const [record] = await appendRecords(context, tx, [noticeRecord(purpose, notice)])
  invariant(record, 'a record that was appended has an id')
  await insertNotices(tx, [{ ...notice, purpose, publishedAt: record.at, record: record.id }])
}
