import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { parseMinor } from '../../kernel/money.ts'
import { parseMonth } from '../../kernel/month.ts'
import { idText, parseRecordData, wholeNumber } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { insertReserve } from './store/reserves.ts'

const told = z.object({
  agreement: idText('agr'),
  programme: idText('prg'),
  partner: idText('ptr'),
  change: wholeNumber,
  minor: z.string().transform(parseMinor),
  until: z.string().transform(parseMonth),
  reason: z.string(),
})

/** Reserves out of the log. */
export const reserveProjector: Projector = {
  kinds: ['reserve'],
  tables: [{ name: 'agreement_reserves', key: ['agreement_id', 'change'] }],
  project: projectEach(projectOne),
}

async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const said = parseRecordData(told, body)
  await insertReserve(tx, { ...said, setBy: body.actor, setAt: new Date(body.at), record: body.id })
  return true
}
