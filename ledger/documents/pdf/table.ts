import { AREA, type Cell, type Sheet, type Style } from './sheet.ts'

/** A column of a table: its heading, its width in points, and whether it holds amounts. */
export type Column = { readonly heading: string; readonly width: number; readonly right?: boolean }

const GAP = 10
const HEADING: Style = { size: 7.5, color: '#5b6470' }
const BODY: Style = { size: 8 }

/** Columns across the text area: the one whose width is 0 takes what the others leave. */
function placed(columns: readonly Column[]): readonly (Column & { readonly x: number })[] {
  const taken = columns.reduce((all, { width }) => all + width, 0) + GAP * (columns.length - 1)
  let x = 0
  return columns.map((column) => {
    const width = column.width === 0 ? AREA - taken : column.width
    const at = { ...column, width, x }
    x += width + GAP
    return at
  })
}

/** Begins a table: its heading comes again on each page that its rows go on to. Gives what writes a row. */
export function beginTable(sheet: Sheet, columns: readonly Column[]): (texts: readonly string[]) => void {
  const all = placed(columns)
  const cells = (texts: readonly string[], style: Style): readonly Cell[] =>
    all.map(({ x, width, right = false }, index) => ({
      text: texts[index] ?? '',
      x,
      width,
      style: { ...style, right },
    }))
  const head = (): void => {
    const headings = all.map(({ heading }) => heading)
    sheet.row(cells(headings, HEADING), 2)
    sheet.ruler()
  }
  sheet.keep(60)
  head()
  sheet.onPage(head)
  return (texts) => sheet.row(cells(texts, BODY), 4)
}
