import type { Context } from '../../database/context.ts'
import { csvLine } from '../../kernel/csv-line.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseId, uuidOf } from '../../kernel/ids.ts'
import { writeSharedTag } from '../granularity.ts'
import {
  type DisclosureSearch,
  type DisclosureSearchInput,
  type FoundDisclosure,
  parseSearch,
} from './disclosure-search.ts'
import { selectFound, selectPlace } from './store/found-disclosures.ts'

export const DISCLOSURE_FORMATS = ['csv', 'ndjson'] as const
export type DisclosureFormat = (typeof DISCLOSURE_FORMATS)[number]

export type ExportDisclosuresOptions = {
  readonly format: DisclosureFormat
  /** Go on behind this disclosure, the last one of an export that was cut off; without a head line. */
  readonly after?: string | undefined
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

const AT_ONCE = 1000

/**
 * Writes what a search finds, the oldest first, in portions: memory does not grow with it. Each line names the batch, its
 * root and the record of the log that proves it. Returns how many there were. Throws as `searchDisclosures` does, and
 * `NOT_FOUND` when `after` is none that the search finds.
 */
export async function exportDisclosures(
  context: Context,
  input: DisclosureSearchInput,
  { format, after, onProgress }: ExportDisclosuresOptions,
  write: (text: string) => Promise<void>,
): Promise<{ readonly disclosures: number }> {
  const { reads } = context.database
  const search = await parseSearch(reads, input)
  let cursor = after === undefined ? undefined : await placeOf(context, search, after)
  if (format === 'csv' && cursor === undefined) await write(csvLine(Object.keys(HEADINGS)))
  const [begin, total] = [search.from.getTime(), search.to.getTime() - search.from.getTime()]
  for (let disclosures = 0; ; ) {
    const rows = await selectFound(reads, search, { cursor, direction: 'forward', limit: AT_ONCE - 1 }, 'oldest')
    await write(rows.map((row) => writeFound(row, format)).join(''))
    disclosures += rows.length
    const last = rows.at(-1)
    if (last === undefined || rows.length < AT_ONCE) {
      onProgress?.({ done: total, total })
      return { disclosures }
    }
    onProgress?.({ done: last.at.getTime() - begin, total })
    cursor = [last.place, uuidOf(last.id)]
  }
}

async function placeOf({ database }: Context, search: DisclosureSearch, after: string): Promise<readonly string[]> {
  const id = parseId('dis', after)
  const place = await selectPlace(database.reads, search, id)
  if (place === undefined) throw new Fault('NOT_FOUND', 'after: no such disclosure is found', { field: 'after' })
  return [place, uuidOf(id)]
}

const HEADINGS: Readonly<Record<string, (found: FoundDisclosure) => string | undefined>> = {
  id: ({ id }) => id,
  at: ({ moment }) => moment,
  partner: ({ partnerCode }) => partnerCode,
  client: ({ client }) => client,
  customer: ({ accountKey }) => accountKey,
  subject: ({ subject }) => subject,
  purpose: ({ purpose }) => purpose,
  consent: ({ consentId }) => consentId,
  tags: ({ tags }) => tags.map(writeSharedTag).join(' '),
  outcome: ({ outcome }) => outcome,
  request: ({ request }) => request,
  batch: ({ batch }) => batch && `${batch.number}`,
  batchRoot: ({ batch }) => batch?.root,
  batchRecord: ({ batch }) => batch?.record,
}

/** One disclosure as a line; no value of a tag is kept of one, so there is none in it. */
function writeFound(found: FoundDisclosure, format: DisclosureFormat): string {
  const cells = Object.entries(HEADINGS).map(([name, read]) => [name, read(found)] as const)
  if (format === 'csv') return csvLine(cells.map(([, text]) => text ?? ''))
  return `${JSON.stringify(Object.fromEntries(cells))}\n`
}
