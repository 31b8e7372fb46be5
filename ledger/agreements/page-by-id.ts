import { Fault } from '../../kernel/fault.ts'
import { type Page, type PageInput, parsePage } from '../../kernel/pages.ts'

/** Reads a page of a list in the order of its ids. Throws `INVALID_INPUT`, also for a cursor that holds no id. */
export function parsePageById(input: PageInput): Page {
  const page = parsePage(input, 1)
  if (page.cursor?.every((key) => /^[0-9a-f]{32}$/.test(key)) ?? true) return page
  throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
}
