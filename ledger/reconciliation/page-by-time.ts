import { Fault } from '../../kernel/fault.ts'
import { type Page, type PageInput, parsePage } from '../../kernel/pages.ts'

const DAY = /^(?:19[7-9][0-9]|2[01][0-9]{2})-[0-9]{2}-[0-9]{2}/
const UUID = /^[0-9a-f]{32}$/

/** Reads a page of a list in the order of days or moments, then ids. Throws `INVALID_INPUT`, also for a cursor of neither. */
export function parsePageByTime(input: PageInput): Page {
  const page = parsePage(input, 2)
  if (page.cursor === undefined) return page
  const [time = '', id = ''] = page.cursor
  const at = DAY.test(time) ? new Date(time) : undefined
  // a day or moment of ours is written in one way alone
  const iso = at === undefined || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
  if (UUID.test(id) && (iso === time || iso === `${time}T00:00:00.000Z`)) return page
  throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
}
