import { createHash, createPublicKey, verify } from 'node:crypto'

/*
 * A client of a tiled log, written from the specifications alone (C2SP tlog-tiles, tlog-checkpoint and signed-note,
 * RFC 9162): it imports nothing of ours, as an outsider's would not.
 */

export type Fetch = (address: string) => Promise<Response>
export type Head = { readonly origin: string; readonly size: number; readonly root: Buffer; readonly note: string }

/** Fetches the checkpoint and checks its signature. */
export async function fetchHead(get: Fetch, vkey: string): Promise<Head> {
  return openHead(await text(await get('/transparency/checkpoint')), vkey)
}

export function openHead(note: string, vkey: string): Head {
  const [name = '', id = '', ...rest] = vkey.split('+')
  const key = Buffer.from(rest.join('+'), 'base64')
  if (key[0] !== 1 || key.length !== 33) throw new Error('this client knows Ed25519 only')
  const expected = createHash('sha256').update(`${name}\n`).update(key).digest().subarray(0, 4)
  if (expected.toString('hex') !== id) throw new Error('the key has another id')
  const [body = '', signatures = ''] = [note.slice(0, note.lastIndexOf('\n\n') + 1), note.split('\n\n').at(-1)]
  const mine = signatures.split('\n').find((line) => line.startsWith(`— ${name} `))
  const bytes = Buffer.from(mine?.split(' ')[2] ?? '', 'base64')
  const point = { kty: 'OKP', crv: 'Ed25519', x: key.subarray(1).toString('base64url') }
  const sound =
    bytes.subarray(0, 4).equals(expected) &&
    verify(null, Buffer.from(body), createPublicKey({ key: point, format: 'jwk' }), bytes.subarray(4))
  if (!sound) throw new Error('the signature is wrong')
  const [origin = '', size = '', root = ''] = body.split('\n')
  return { origin, size: Number(size), root: Buffer.from(root, 'base64'), note }
}

/** Reads a tree of a size out of its tiles, each fetched once. */
export function tileReader(
  get: Fetch,
  size: number,
): {
  readonly root: () => Promise<Buffer>
  readonly inclusion: (index: number) => Promise<readonly Buffer[]>
  readonly entry: (index: number) => Promise<Buffer>
} {
  const tiles = new Map<string, Promise<Buffer>>()
  const fetched = (level: string, tile: number, width: number): Promise<Buffer> => {
    const path = `/transparency/tile/${level}/${nameOf(tile)}${width < 256 ? `.p/${width}` : ''}`
    const known = tiles.get(path) ?? get(path).then(bytes)
    tiles.set(path, known)
    return known
  }
  const widthOf = (level: number, tile: number): number => Math.min(256, Math.floor(size / 256 ** level) - tile * 256)
  const hashAt = async (level: number, index: number): Promise<Buffer> => {
    const tile = Math.floor(index / 256)
    const row = await fetched(String(level), tile, widthOf(level, tile))
    return row.subarray((index % 256) * 32, (index % 256) * 32 + 32)
  }
  const rangeHash = async (from: number, to: number): Promise<Buffer> => {
    const height = Math.log2(to - from)
    if (Number.isInteger(height) && height % 8 === 0) return hashAt(height / 8, from / (to - from))
    const middle = from + powerBelow(to - from)
    return node(await rangeHash(from, middle), await rangeHash(middle, to))
  }
  const path = async (index: number, from: number, to: number): Promise<readonly Buffer[]> => {
    if (to - from === 1) return []
    const middle = from + powerBelow(to - from)
    return index < middle
      ? [...(await path(index, from, middle)), await rangeHash(middle, to)]
      : [...(await path(index, middle, to)), await rangeHash(from, middle)]
  }
  return {
    root: async () => (size === 0 ? sha256() : rangeHash(0, size)),
    inclusion: (index) => path(index, 0, size),
    entry: async (index) => {
      const tile = Math.floor(index / 256)
      let bundle = await fetched('entries', tile, widthOf(0, tile))
      for (let skip = index % 256; skip > 0; skip--) bundle = bundle.subarray(2 + bundle.readUInt16BE())
      return bundle.subarray(2, 2 + bundle.readUInt16BE())
    },
  }
}

/** The root to which an entry and its proof lead, by RFC 9162 §2.1.3.2 as it is written there. */
export function rootFrom(entry: Buffer, index: number, size: number, proof: readonly Buffer[]): Buffer {
  let [fn, sn, r] = [BigInt(index), BigInt(size - 1), sha256(Buffer.from([0]), entry)]
  for (const p of proof) {
    if (sn === 0n) throw new Error('the proof is too long')
    if ((fn & 1n) === 1n || fn === sn) {
      r = node(p, r)
      while ((fn & 1n) === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n]
    } else {
      r = node(r, p)
    }
    ;[fn, sn] = [fn >> 1n, sn >> 1n]
  }
  if (sn !== 0n) throw new Error('the proof is too short')
  return r
}

function nameOf(tile: number): string {
  const last = String(tile % 1000).padStart(3, '0')
  return tile < 1000 ? last : `${nameOf(Math.floor(tile / 1000)).replace(/(\d{3})$/, 'x$1')}/${last}`
}

function powerBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

function node(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.from([1]), left, right)
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}

async function text(response: Response): Promise<string> {
  if (response.status !== 200) throw new Error(`${response.url} answered ${response.status}`)
  return response.text()
}

async function bytes(response: Response): Promise<Buffer> {
  if (response.status !== 200) throw new Error(`${response.url} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
