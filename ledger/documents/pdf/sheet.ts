import type PDFDocument from 'pdfkit'
import { type Typeface, typefaceFor, type Weight } from './typeface.ts'
import { wrapText } from './wrap-text.ts'

/** How a text is set. Sizes are points. */
export type Style = {
  readonly size: number
  readonly weight?: Weight
  readonly color?: string
  readonly right?: boolean
}
/** A text within a width, from the left edge of the text area. */
export type Cell = { readonly text: string; readonly x: number; readonly width: number; readonly style: Style }

/** A4 with its margins, in points. */
export const PAGE = { width: 595.28, height: 841.89, left: 48, right: 48, top: 48, bottom: 56 } as const
/** Width of the text area. */
export const AREA = PAGE.width - PAGE.left - PAGE.right

const LINE_HEIGHT = 1.45
/** What is longer than so many lines is cut: a cell is no page. */
const MOST_LINES = 24
const INK = '#1a1a1a'
const RULER = '#c8ccd2'

/** Puts rows of text on pages, one below the other. */
export type Sheet = {
  /** A row of cells; it stands on one page. */
  readonly row: (cells: readonly Cell[], gap?: number) => void
  readonly space: (height: number) => void
  readonly ruler: (weight?: number) => void
  /** Begins a new page unless so much is left of this one. */
  readonly keep: (height: number) => void
  /** What is drawn first on every page that begins from now on. */
  readonly onPage: (draw: (() => void) | undefined) => void
  /** Draws at a height of the current page, whatever is there. */
  readonly at: (y: number, cells: readonly Cell[]) => void
}

/** A sheet over a document whose first page is there. */
export function sheetOn(document: InstanceType<typeof PDFDocument>): Sheet {
  const typeface = typefaceFor(document)
  let y: number = PAGE.top
  let begin: (() => void) | undefined
  const keep = (height: number): void => {
    if (y + height <= PAGE.height - PAGE.bottom) return
    document.addPage()
    y = PAGE.top
    begin?.()
  }
  const row = (cells: readonly Cell[], gap = 3): void => {
    const set = cells.map((cell) => ({ cell, lines: linesOf(typeface, cell) }))
    const height = Math.max(...set.map(({ cell, lines }) => lines.length * cell.style.size * LINE_HEIGHT))
    keep(height)
    for (const { cell, lines } of set) draw(document, typeface, { cell, lines, y })
    y += height + gap
  }
  return {
    row,
    keep,
    space: (height) => {
      y += height
    },
    ruler: (weight = 0.5) => {
      document.lineWidth(weight).strokeColor(RULER)
      document
        .moveTo(PAGE.left, y)
        .lineTo(PAGE.width - PAGE.right, y)
        .stroke()
      y += 4
    },
    onPage: (next) => {
      begin = next
    },
    at: (top, cells) => {
      for (const cell of cells) draw(document, typeface, { cell, lines: linesOf(typeface, cell).slice(0, 1), y: top })
    },
  }
}

function linesOf(typeface: Typeface, { text, width, style: { size, weight = 'regular' } }: Cell): readonly string[] {
  const lines = wrapText(printable(text), width, (character) => typeface.widthOf(character, weight, size))
  if (lines.length <= MOST_LINES) return lines
  return [...lines.slice(0, MOST_LINES - 1), `${lines[MOST_LINES - 1]?.slice(0, -1) ?? ''}…`]
}

/** Without what shows nothing, or would turn the order of what is read. */
function printable(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '')
}

function draw(
  document: InstanceType<typeof PDFDocument>,
  typeface: Typeface,
  { cell, lines, y }: { readonly cell: Cell; readonly lines: readonly string[]; readonly y: number },
): void {
  const { size, weight = 'regular', color = INK, right = false } = cell.style
  document.fillColor(color)
  for (const [index, line] of lines.entries()) {
    const width = [...line].reduce((all, character) => all + typeface.widthOf(character, weight, size), 0)
    let x = PAGE.left + cell.x + (right ? cell.width - width : 0)
    for (const { font, text } of typeface.runsOf(line, weight)) {
      const options = { lineBreak: false }
      document
        .font(font)
        .fontSize(size)
        .text(text, x, y + index * size * LINE_HEIGHT, options)
      x += [...text].reduce((all, character) => all + typeface.widthOf(character, weight, size), 0)
    }
  }
}
