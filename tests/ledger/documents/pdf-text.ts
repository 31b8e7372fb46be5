import { inflateSync } from 'node:zlib'

/** A page as a reader's eyes have it: its size, and its texts in the order in which they were set. */
export type ReadPage = { readonly size: string; readonly texts: readonly string[] }

/** Reads the pages of a PDF as pdfkit writes it: fonts by glyph, each with a map back to characters. */
export function readPdf(bytes: Buffer): readonly ReadPage[] {
  const objects = objectsOf(bytes)
  const pages = [...objects.values()].filter((text) => /^<<\n\/Type \/Page\n/.test(text))
  return pages.map((page) => {
    const resources = objects.get(reference(page, 'Resources')) ?? ''
    const fonts = new Map(
      [...resources.matchAll(/\/(F[0-9]+) ([0-9]+) 0 R/g)].map(([, name = '', id = '']) => [
        name,
        charactersOf(objects, objects.get(id) ?? ''),
      ]),
    )
    const content = streamOf(objects.get(reference(page, 'Contents')) ?? '')
    return { size: /MediaBox \[(.*?)\]/.exec(page)?.[1] ?? '', texts: textsOf(content, fonts) }
  })
}

function objectsOf(bytes: Buffer): ReadonlyMap<string, string> {
  const all = bytes.toString('latin1').matchAll(/(?:^|\n)([0-9]+) 0 obj\n([\s\S]*?)\nendobj/g)
  return new Map([...all].map(([, id = '', text = '']) => [id, text]))
}

function reference(text: string, name: string): string {
  return new RegExp(`/${name} ([0-9]+) 0 R`).exec(text)?.[1] ?? ''
}

function streamOf(object: string): string {
  const from = object.indexOf('stream\n') + 7
  const raw = Buffer.from(object.slice(from, object.lastIndexOf('\nendstream')), 'latin1')
  return inflateSync(raw).toString('latin1')
}

function charactersOf(objects: ReadonlyMap<string, string>, font: string): ReadonlyMap<number, string> {
  const map = streamOf(objects.get(reference(font, 'ToUnicode')) ?? '')
  const characters = new Map<number, string>()
  for (const [, from = '', , list = ''] of map.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[(.*?)\]/g)) {
    let glyph = Number.parseInt(from, 16)
    for (const [, codes = ''] of list.matchAll(/<([0-9a-f ]+)>/g)) {
      characters.set(glyph++, Buffer.from(codes.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'))
    }
  }
  return characters
}

function textsOf(content: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string>>): readonly string[] {
  return [...content.matchAll(/BT\n[\s\S]*?\/(F[0-9]+) [\s\S]*?ET/g)].map(([block, font = '']) =>
    [...block.matchAll(/<([0-9a-f]+)>/g)]
      .flatMap(([, glyphs = '']) => glyphs.match(/.{4}/g) ?? [])
      .map((glyph) => fonts.get(font)?.get(Number.parseInt(glyph, 16)) ?? '\ufffd')
      .join(''),
  )
}
