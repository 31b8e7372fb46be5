import { SaxesParser, type SaxesTagNS } from 'saxes'
import { Fault } from '../../../kernel/fault.ts'

/** An element with what is in it. Names are local names; of attributes only `Ccy` is kept. */
export type XmlNode = {
  readonly name: string
  readonly currency: string | undefined
  text: string
  readonly children: XmlNode[]
}

/** What the reader of a document wants to know of it. */
export type XmlHandlers = {
  /** The root element's name and namespace. */
  readonly root: (name: string, namespace: string) => void
  /** Whether an element is to be gathered with all that is in it; `path` are the names of what it stands in. */
  readonly gathers: (name: string, path: readonly string[]) => boolean
  /** An element that was gathered, complete. It says whether its parent keeps it. */
  readonly gathered: (node: XmlNode, path: readonly string[]) => boolean
  /** The end of an element that was not gathered. */
  readonly closed: (name: string, path: readonly string[]) => void
}

const DEEPEST = 60
/** One element with what is in it may have so many elements, beside those that were handed over before. */
const MOST_NODES = 200_000
const LONGEST_TEXT = 20_000
/** Text between two tags, a tag or a comment has at most so many characters: more is never held. */
const LONGEST_PIECE = 1_048_576

/**
 * Reads XML as it comes and hands over the elements asked for, one after another; memory does not grow with the file.
 * A document type is refused, and with it every entity but the five of XML: nothing outside the file is ever read. Depth,
 * texts and the size of an element are bounded. Throws `INVALID_INPUT` with the line. Source: ATTACKS 24.
 */
export function xmlReader(handlers: XmlHandlers): { readonly write: (text: string) => void; readonly end: () => void } {
  const parser = new SaxesParser({ xmlns: true })
  const refuse = (why: string, cause?: unknown): Fault =>
    new Fault('INVALID_INPUT', `line ${parser.line}: ${why}`, cause === undefined ? {} : { cause })
  const path: string[] = []
  const open: XmlNode[] = []
  let nodes = 0
  let unbroken = 0
  parser.on('error', (cause) => {
    throw refuse('the file is not well-formed XML', cause)
  })
  parser.on('doctype', () => {
    throw refuse('a document type is refused, and with it all entities')
  })
  parser.on('opentag', (tag) => {
    unbroken = 0
    if (path.length === 0) handlers.root(tag.local, tag.uri)
    if (path.length >= DEEPEST) throw refuse(`elements are nested more than ${DEEPEST} deep`)
    if (open.length > 0 || handlers.gathers(tag.local, path)) {
      if (++nodes > MOST_NODES) throw refuse('an entry has more elements than are read')
      open.push({ name: tag.local, currency: currencyOf(tag), text: '', children: [] })
    }
    path.push(tag.local)
  })
  const addText = (text: string): void => {
    const node = open.at(-1)
    if (node === undefined) return
    node.text += text
    if (node.text.length > LONGEST_TEXT) throw refuse(`a text has more than ${LONGEST_TEXT} characters`)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    unbroken = 0
    const name = path.pop() ?? ''
    const node = open.pop()
    if (node === undefined) handlers.closed(name, path)
    else {
      const parent = open.at(-1)
      const told = parent === undefined || handlers.gathers(name, path)
      const kept = !told || handlers.gathered(node, path)
      if (parent !== undefined && kept) parent.children.push(node)
      nodes = parent === undefined ? 0 : nodes - (kept ? 0 : sizeOf(node))
    }
  })
  return {
    write: (text) => {
      for (let at = 0; at < text.length; at += LONGEST_PIECE) {
        const piece = text.slice(at, at + LONGEST_PIECE)
        unbroken += piece.length
        parser.write(piece)
        if (unbroken > LONGEST_PIECE * 2) throw refuse('a text or a tag has no end')
      }
    },
    end: () => {
      parser.close()
    },
  }
}

function currencyOf({ attributes }: SaxesTagNS): string | undefined {
  return attributes['Ccy']?.value
}

function sizeOf(node: XmlNode): number {
  return 1 + node.children.reduce((sum, child) => sum + sizeOf(child), 0)
}

/** The first element at a path below a node: `at(node, 'Id', 'IBAN')`. */
export function at(node: XmlNode | undefined, ...names: readonly string[]): XmlNode | undefined {
  return names.reduce<XmlNode | undefined>((found, name) => found?.children.find((child) => child.name === name), node)
}

/** Elements of one name directly below a node. */
export function all(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return node?.children.filter((child) => child.name === name) ?? []
}

/** The trimmed text at a path, or nothing when it is empty or not there. */
export function textAt(node: XmlNode | undefined, ...names: readonly string[]): string | undefined {
  const text = at(node, ...names)?.text.trim()
  return text === undefined || text === '' ? undefined : text
}
