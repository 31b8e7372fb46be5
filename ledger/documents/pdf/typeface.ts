import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type PDFDocument from 'pdfkit'
import { woffToSfnt } from './woff-to-sfnt.ts'

export type Weight = 'regular' | 'bold'

/** Scripts that the files of Noto Sans SC cover, the widest first; a character is set in the first that has it. */
const SCRIPTS = ['chinese-simplified', 'latin-ext', 'cyrillic'] as const
const NUMBER_OF: Readonly<Record<Weight, number>> = { regular: 400, bold: 700 }
/** Letters that no file has and that are no other letter with a mark. */
const PLAIN: Readonly<Record<string, string>> = {
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Ø: 'O',
  ø: 'o',
  Ħ: 'H',
  ħ: 'h',
  ı: 'i',
}
/** Stands for a character that no file has, nor the letter under its marks. */
const UNKNOWN = '?'

/** What of pdfkit's document is needed to choose a font. */
type FontHolder = Pick<InstanceType<typeof PDFDocument>, 'font' | 'fontSize' | 'registerFont' | 'widthOfString'>
/** A part of a text that is set in one font. */
export type Run = { readonly font: string; readonly text: string }

/** Sets text in Noto Sans SC, of which a document embeds the characters that it uses. */
export type Typeface = {
  /** The text in runs of one font each. */
  readonly runsOf: (text: string, weight: Weight) => readonly Run[]
  /** Width of a character in points at a size. */
  readonly widthOf: (character: string, weight: Weight, size: number) => number
}

const require = createRequire(import.meta.url)
const files = new Map<string, Buffer>()

/** Makes the typeface ready in a document. */
export function typefaceFor(document: FontHolder): Typeface {
  const registered = new Set<string>()
  const chosen = new Map<string, Run>()
  const widths = new Map<string, number>()
  const register = (font: string, script: string, weight: Weight): void => {
    if (registered.has(font)) return
    document.registerFont(font, fileOf(script, weight))
    registered.add(font)
  }
  const choose = (character: string, weight: Weight): Run => {
    for (const text of [character, PLAIN[character] ?? [...character.normalize('NFD')][0] ?? '']) {
      for (const script of SCRIPTS) {
        const font = `${script}-${weight}`
        register(font, script, weight)
        if (hasGlyph(document.font(font), text)) return { font, text }
      }
    }
    return { font: `${SCRIPTS[0]}-${weight}`, text: UNKNOWN }
  }
  const runOf = (character: string, weight: Weight): Run => {
    const key = `${weight} ${character}`
    const known = chosen.get(key) ?? choose(character, weight)
    chosen.set(key, known)
    return known
  }
  const emWidth = (character: string, weight: Weight): number => {
    const { font, text } = runOf(character, weight)
    const key = `${font} ${text}`
    const known = widths.get(key) ?? document.font(font).fontSize(1000).widthOfString(text) / 1000
    widths.set(key, known)
    return known
  }
  return {
    runsOf: (text, weight) => joined([...text].map((character) => runOf(character, weight))),
    widthOf: (character, weight, size) => emWidth(character, weight) * size,
  }
}

function joined(runs: readonly Run[]): readonly Run[] {
  const together: Run[] = []
  for (const run of runs) {
    const last = together.at(-1)
    if (last?.font === run.font) together[together.length - 1] = { font: run.font, text: last.text + run.text }
    else together.push(run)
  }
  return together
}

function fileOf(script: string, weight: Weight): Buffer {
  const name = `@fontsource/noto-sans-sc/files/noto-sans-sc-${script}-${NUMBER_OF[weight]}-normal.woff`
  const bytes = files.get(name) ?? woffToSfnt(readFileSync(require.resolve(name)))
  files.set(name, bytes)
  return bytes
}

/** Safe because pdfkit keeps the fontkit font that it was given under these names, which its types leave out. */
function hasGlyph(document: unknown, character: string): boolean {
  const { _font } = document as { _font: { font: { hasGlyphForCodePoint: (codePoint: number) => boolean } } }
  return _font.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)
}
