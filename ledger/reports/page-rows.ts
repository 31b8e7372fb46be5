import { Fault } from '../../kernel/fault.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'

/** A page of rows that are all there, by their places. Throws `INVALID_INPUT` for a page that is none. */
export function pageRows<T>(rows: readonly T[], input: PageInput): PageResult<T> {
  const page = parsePage(input, 1)
  const [text] = page.cursor ?? []
  if (text !== undefined && !/^[0-9]{1,9}$/.test(text))
    throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
  const placed = rows.map((row, place) => ({ row, place }))
  const forward = page.direction === 'forward'
  const at = text === undefined ? undefined : Number(text)
  const beyond = placed.filter(({ place }) => at === undefined || (forward ? place > at : place < at))
  const wanted = (forward ? beyond : beyond.toReversed()).slice(0, page.limit + 1)
  const found = pageOf(page, wanted, ({ place }) => [`${place}`])
  return { ...found, edges: found.edges.map(({ node, cursor }) => ({ node: node.row, cursor })) }
}
