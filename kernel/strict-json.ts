import { Fault } from './fault.ts'

const DEEPEST = 64

/**
 * Reads JSON from outside more strictly than the language: no key twice in one object (RFC 8259 §4 leaves open which one
 * counts, and readers differ), no NUL and no half of a surrogate pair in any text (PostgreSQL keeps
 * neither), nesting of at most 64. Throws `INVALID_INPUT`.
 */
export function parseStrictJson(text: string): unknown {
  const value = parse(text)
  // sound JSON from here on, so that the scan need not look for anything but what it is about
  scan(text)
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault('INVALID_INPUT', 'the body is not JSON', { cause })
  }
}

/** The keys met in each open object, innermost last; `undefined` stands for a list. */
type Open = (Set<string> | undefined)[]

function scan(text: string): void {
  const open: Open = []
  const escapes = text.includes('\\')
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        enter(open, new Set())
        break
      case 0x5b: // [
        enter(open, undefined)
        break
      case 0x7d: // }
      case 0x5d: // ]
        open.pop()
        break
      case 0x22: {
        const end = endOfString(text, at, escapes)
        checkString(text, { from: at, end, keys: open.at(-1), escapes })
        at = end - 1
        break
      }
    }
  }
}

function enter(open: Open, keys: Set<string> | undefined): void {
  open.push(keys)
  if (open.length > DEEPEST) throw new Fault('INVALID_INPUT', `JSON is nested at most ${DEEPEST} levels deep here`)
}

/** One past the closing quote of the string that opens here: the next one that no odd run of backslashes stands before. */
function endOfString(text: string, start: number, escapes: boolean): number {
  let quote = text.indexOf('"', start + 1)
  while (escapes && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  return quote + 1
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1
  while (text[at] === '\\') at--
  return (quote - at) % 2 === 0
}

type FoundString = {
  readonly from: number
  readonly end: number
  /** Keys of the object around it. */
  readonly keys: Set<string> | undefined
  readonly escapes: boolean
}

/** Keys are compared as they read, not as they are written: `"a"` and `"\u0061"` are the same. */
function checkString(text: string, { from, end, keys, escapes }: FoundString): void {
  const key = keys !== undefined && isKey(text, end)
  if (!key && !escapes) return
  const quoted = text.slice(from, end)
  const read = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
  if (read.includes('\u0000') || !read.isWellFormed()) {
    throw new Fault('INVALID_INPUT', 'a text in the body has a NUL character, or half of a pair of surrogates')
  }
  if (key && keys.has(read)) throw new Fault('INVALID_INPUT', 'a key stands twice in one object of the body')
  if (key) keys.add(read)
}

/** In sound JSON a string before a colon is a key. */
function isKey(text: string, after: number): boolean {
  let at = after
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return text[at] === ':'
}
