import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Asset, isAsset } from '../../kernel/money.ts'
import { idText, parseRecordData, timeText } from '../../records/parse-record-data.ts'
import type { ProjectedRecord, Projector } from '../../records/projector.ts'
import { minorText } from '../minor-text.ts'
import { selectKnownIds } from '../store/known-ids.ts'
import type { AccountPath } from './entry.ts'
import { keepEntries, type ToldEntry } from './store/keep-entries.ts'

/** The journal out of the log. A reversal waits for the entry that it takes back. */
export const journalProjector: Projector = {
  kinds: ['journal_entry'],
  tables: [
    // an account is made for an entry that may then not have been posted
    { name: 'accounts', key: ['id'], where: 'exists (select from postings p where p.account_id = accounts.id)' },
    { name: 'journal_entries', key: ['id'] },
    { name: 'postings', key: ['entry_id', 'line'] },
  ],
  project: projectEntries,
}

const entryData = z.object({
  entry: idText('jre'),
  at: timeText,
  description: z.string(),
  reference: z.string(),
  period: idText('per').optional(),
  reverses: idText('jre').optional(),
  postings: z.array(
    z.object({
      account: z.custom<AccountPath>((value) => typeof value === 'string' && value.includes(':')),
      asset: z.custom<Asset>((value) => typeof value === 'string' && isAsset(value)),
      minor: minorText,
    }),
  ),
})

async function projectEntries(
  _context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const told = records.map((record) => ({ record, entry: entryOf(record) }))
  const reversed = told.map(({ entry }) => entry.reverses).filter((entry) => entry !== undefined)
  const standing = new Set(await selectKnownIds(tx, 'journal_entries', reversed))
  const ready: ToldEntry[] = []
  const waiting: ProjectedRecord[] = []
  for (const { record, entry } of told) {
    if (entry.reverses === undefined || standing.has(entry.reverses)) {
      ready.push(entry)
      standing.add(entry.id)
    } else waiting.push(record)
  }
  await keepEntries(tx, ready)
  return waiting
}

function entryOf({ body }: ProjectedRecord): ToldEntry {
  const { entry: id, ...content } = parseRecordData(entryData, body)
  return { ...content, id, record: body.id, postedAt: new Date(body.at) }
}
