/** Width of a character, in the unit of the line's. */
type WidthOf = (character: string) => number

/** Chinese, Japanese and Korean scripts and their marks: a line may break at each of them. */
const IDEOGRAPH = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|[\u{20000}-\u{3ffff}]/u
/** Marks that begin no line, and such that end none. */
const NO_BEGINNING = /[，。、；：？！）」』】》〉％,.;:?!)\]}%]/u
const NO_END = /[（「『【《〈([{]/u
/** Behind these a long word may break, unless a number follows: a sign stays with its number. */
const BREAKS_BEHIND = /[-/_–—]/u
const DIGIT = /[0-9]/
/** A blank that stands within a piece: a percent sign stays with its number. */
const FIRM_BLANK = '\u00a0'

/**
 * Breaks a text into lines that are no wider than a width: between words, at ideographs, and within a word that is wider
 * than a line by itself. Blanks at a break are gone, nothing else.
 */
export function wrapText(text: string, width: number, widthOfPlain: WidthOf): readonly string[] {
  const widthOf: WidthOf = (character) => widthOfPlain(character === FIRM_BLANK ? ' ' : character)
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const piece of piecesOf(text.replaceAll(' %', `${FIRM_BLANK}%`))) {
    const blank = piece.trim() === ''
    const needed = widthOfAll(piece, widthOf)
    if (used + needed <= width || (blank && line !== '')) {
      if (line === '' && blank) continue
      line += piece
      used += needed
      continue
    }
    if (line.trim() !== '') lines.push(line.trimEnd())
    if (blank) [line, used] = ['', 0]
    else [line, used] = cutLong(piece, { width, widthOf, lines })
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trimEnd())
  return lines.map((each) => each.replaceAll(FIRM_BLANK, ' '))
}

/** Cuts a piece that may be wider than a line; gives what is left of it, with its width. */
function cutLong(
  piece: string,
  { width, widthOf, lines }: { readonly width: number; readonly widthOf: WidthOf; readonly lines: string[] },
): [string, number] {
  let line = ''
  let used = 0
  for (const character of piece) {
    const needed = widthOf(character)
    if (line !== '' && used + needed > width) {
      lines.push(line)
      line = ''
      used = 0
    }
    line += character
    used += needed
  }
  return [line, used]
}

/** The pieces between which a line may break. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  let before = ''
  for (const character of text) {
    if (piece !== '' && mayBreak(before, character)) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
    before = character
  }
  return piece === '' ? pieces : [...pieces, piece]
}

function mayBreak(before: string, after: string): boolean {
  if (before === ' ' || after === ' ') return before !== after
  if (NO_END.test(before) || NO_BEGINNING.test(after)) return false
  return IDEOGRAPH.test(before) || IDEOGRAPH.test(after) || (BREAKS_BEHIND.test(before) && !DIGIT.test(after))
}

function widthOfAll(text: string, widthOf: WidthOf): number {
  let width = 0
  for (const character of text) width += widthOf(character)
  return width
}
