import type { Context } from '../../database/context.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Id } from '../../kernel/ids.ts'
import { readBody } from '../../records/record-body.ts'
import { contentOf, totals } from './entry.ts'
import { countEntries, type RecordedEntry, selectRecorded, selectUnposted } from './store/entries.ts'

/** Something in the journal that is not as it should be. */
export type JournalFinding = { readonly what: string; readonly where: string }

export type OnJournalProgress = (progress: { readonly done: number; readonly total: number }) => void

export type VerifyJournalOptions = { readonly onProgress?: OnJournalProgress | undefined }

const ENTRIES_AT_ONCE = 2000
const MOST_UNPOSTED = 1000

/**
 * Checks the whole journal and says what is wrong and where: every entry has postings, balances in each asset and says
 * what its record in the log says, and every recorded entry is there. Memory does not grow with the journal. Whether the
 * log is as it was signed is for `verifyRecords`.
 */
export async function verifyJournal(
  context: Context,
  { onProgress }: VerifyJournalOptions = {},
): Promise<readonly JournalFinding[]> {
  const { reads } = context.database
  const total = await countEntries(reads)
  const found: JournalFinding[] = []
  let after: Id<'jre'> | undefined
  let done = 0
  for (;;) {
    const batch = await selectRecorded(reads, after, ENTRIES_AT_ONCE)
    if (batch.length === 0) break
    for (const recorded of batch) found.push(...faultsOf(recorded))
    after = batch.at(-1)?.entry.id
    done += batch.length
    onProgress?.({ done, total: Math.max(done, total) })
  }
  for (const id of await selectUnposted(reads, MOST_UNPOSTED)) {
    found.push({ what: 'the entry that it records is not in the journal', where: `record ${id}` })
  }
  return found
}

function faultsOf({ entry, body }: RecordedEntry): readonly JournalFinding[] {
  const faults = [...totals(entry.postings)]
    .filter(([, minor]) => minor !== 0n)
    .map(([asset, minor]) => `it does not balance: ${minor} is left in ${asset}`)
  if (entry.postings.length === 0) faults.push('it has no postings')
  if (body === null) faults.push('it has no record in the log')
  else if (!says(body, canonicalJson({ entry: entry.id, ...contentOf(entry) }))) {
    faults.push('it does not say what its record says')
  }
  return faults.map((what) => ({ what, where: `entry ${entry.id}` }))
}

/** Whether a record's data are these: canonical JSON read and written again is the same text. */
function says(body: string, content: string): boolean {
  try {
    const { data } = readBody(body)
    return JSON.stringify(data) === content
  } catch {
    return false
  }
}
