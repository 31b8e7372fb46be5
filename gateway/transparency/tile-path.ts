import { TILE_WIDTH } from '../../records/merkle/tiles.ts'

/** What an address of a tile names: hashes at a level, or the entries under a tile of leaves. */
export type TilePath = { readonly level: number | 'entries'; readonly index: number; readonly width: number }

/** Twelve digits and the last three: every index that is a safe integer has room, and nothing longer is looked at. */
const PATH =
  /^(?<level>entries|0|[1-9][0-9]?)\/(?<index>(?:x[0-9]{3}\/){0,4}[0-9]{3})(?:\.p\/(?<width>[1-9][0-9]{0,2}))?$/
const LAST_LEVEL = 63

/**
 * Reads what stands behind `/tile/`, as it came over the wire: `0/x001/x234/067.p/112`. Each tile has one address, so
 * whatever is written otherwise (too many zeros, escapes) is `undefined`. Source: C2SP tlog-tiles.md.
 */
export function parseTilePath(path: string): TilePath | undefined {
  const { level = '', index: elements = '', width } = PATH.exec(path)?.groups ?? {}
  const index = Number(elements.replaceAll(/[x/]/g, ''))
  if (elements === '' || writeIndex(index) !== elements) return undefined
  if (width !== undefined && Number(width) >= TILE_WIDTH) return undefined
  const wide = { index, width: width === undefined ? TILE_WIDTH : Number(width) }
  if (level === 'entries') return { level, ...wide }
  return Number(level) > LAST_LEVEL ? undefined : { level: Number(level), ...wide }
}

/** An index in elements of three digits, all but the last after an x: 1234067 is `x001/x234/067`. */
function writeIndex(index: number): string {
  const digits = String(index)
  const elements = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? []
  return elements.map((element, place) => (place < elements.length - 1 ? `x${element}` : element)).join('/')
}
