import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseTimeZone } from '../../kernel/month.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { assetText } from './asset-text.ts'
import { parseExactly } from './parse-exactly.ts'
import { PROGRAMME_CODE, type Programme } from './programme.ts'
import { insertProgramme, knowsTimeZone } from './store/programmes.ts'

const createProgrammeInput = z.strictObject({
  code: z.string().regex(PROGRAMME_CODE, 'a code has 2 to 40 of a-z, 0-9 and -, and begins with a letter'),
  name: lineOfText(200),
  asset: assetText,
  timeZone: z.string().max(60),
})

export type CreateProgrammeInput = z.input<typeof createProgrammeInput>

/**
 * Opens a programme: what it is settled in, and the time zone (IANA name) whose calendar months are its periods. Neither
 * changes afterwards. Throws `INVALID_INPUT`, and `DUPLICATE` when the code is taken. Source: RULES §2.
 */
export async function createProgramme(context: Context, input: CreateProgrammeInput): Promise<Programme> {
  const details = parseExactly(createProgrammeInput, input, 'programme')
  await refuseUnknownZone(context, details.timeZone)
  const id = newId('prg')
  return context.database.transaction(async (tx) => {
    const [record] = await appendRecords(context, tx, [
      { kind: 'programme', data: { event: 'CREATED', programme: id, ...details } },
    ])
    invariant(record, 'a record was appended')
    const programme: Programme = { id, ...details, createdAt: record.at }
    await insertProgramme(tx, programme, record.id)
    return programme
  })
}

/** Both this process and the database cut months: a zone that only one of them knows would give two answers. */
async function refuseUnknownZone(context: Context, timeZone: string): Promise<void> {
  parseTimeZone(timeZone)
  if (await knowsTimeZone(context.database.reads, timeZone)) return
  throw new Fault('INVALID_INPUT', `${JSON.stringify(timeZone)} is not the name of a time zone`, { field: 'timeZone' })
}
