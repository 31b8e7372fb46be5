/** Text that is HTML already: made by {@link html} alone, so that nothing from outside gets in as markup. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | undefined | readonly (Html | string)[]

/** HTML with everything that is put into it escaped, save what is {@link Html}. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(pieces.map((piece, at) => piece + (at < parts.length ? write(parts[at]) : '')).join(''))
}

function write(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(write).join('')
  return String(part).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** What a person reads of it: without tags and without what is only in attributes, spaces as one. */
export function textOf({ text }: Html): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
