import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type PlacedRecord, readOn, sealedSize } from '../../records/read-on.ts'
import {
  insertDeliveries,
  moveCursor,
  type NewMessage,
  selectCursor,
  selectSubjects,
  takeCursor,
} from './store/queue.ts'
import { messageOf, TOLD_KINDS, tellEvent } from './tell-event.ts'

/** Records that one turn reads. */
export const FULL_READING = 5000

/**
 * Reads on in the sealed log and queues what partners are told of, in one transaction with the place that was reached: each
 * record that was committed is read once, in the order of the log, whatever dies. The first turn of all begins at the
 * end: nobody is told of a past that was taken over. Returns how many records were read. Source: ADR 0033.
 */
export async function queueEvents({ database }: Context): Promise<number> {
  // most turns find nothing new: they write nothing either
  const [size, known] = [await sealedSize(database.reads), await selectCursor(database.reads)]
  if (size === known) return 0
  return database.transaction(async (tx) => {
    const after = await takeCursor(tx, size)
    if (after === undefined) return 0
    const { records, upTo } = await readOn(tx, { after, most: FULL_READING, kinds: TOLD_KINDS })
    if (upTo === after) return 0
    await insertDeliveries(tx, await messagesOf(tx, records))
    await moveCursor(tx, upTo)
    return upTo - after
  })
}

async function messagesOf(tx: Transaction, records: readonly PlacedRecord[]): Promise<readonly NewMessage[]> {
  const told = records.flatMap((record) => {
    const event = tellEvent(record.body)
    return event === undefined ? [] : [{ ...record, event }]
  })
  const consents = told.flatMap(({ event }) => (event.type.startsWith('consent.') ? (event.about ?? []) : []))
  const subjects = consents.length === 0 ? new Map<string, string>() : await selectSubjects(tx, [...new Set(consents)])
  return told.flatMap(({ seq, body, event }) => {
    if (body.partner === undefined) return []
    const subject = event.about === undefined ? undefined : subjects.get(event.about)
    return {
      ...{ seq, partner: body.partner, type: event.type, about: event.about, recordedAt: body.at },
      orderKey: subject ?? event.about ?? event.type,
      body: messageOf(body, event, subject),
    }
  })
}
