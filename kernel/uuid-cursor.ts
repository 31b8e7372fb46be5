import { Fault } from './fault.ts'
import type { Page } from './pages.ts'

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?\+00$/

/** Lets through a page whose cursor ends in an id, and begins with the database's time if it has two parts. */
export function parseUuidCursor(page: Page): Page {
  const { cursor } = page
  if (cursor === undefined) return page
  const [first, second] = cursor
  const sound = second === undefined ? UUID.test(first ?? '') : INSTANT.test(first ?? '') && UUID.test(second)
  if (!sound) throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
  return page
}
