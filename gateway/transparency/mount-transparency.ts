import type { IRouter, RequestHandler, Response } from 'express'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { findEntries, findTile } from '../../records/find-tile.ts'
import { logVerifier } from '../../records/log-verifier.ts'
import { latestCheckpoint } from '../../records/sign-checkpoint.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import { parseTilePath, type TilePath } from './tile-path.ts'

const TILE_PREFIX = '/transparency/tile/'
const METHODS = ['GET', 'HEAD'] as const
const TEXT = 'text/plain; charset=utf-8'
/** A checkpoint is replaced by the next one, a tile never. */
const FOR_A_MOMENT = 'public, max-age=1'
const FOR_EVER = 'public, max-age=31536000, immutable'

/**
 * `/transparency/…`: the log as anybody may have it, in the formats that others read: the signed checkpoint, the key that
 * checks it, tiles of hashes, and entries, which are commitments that say nothing. Sources: C2SP tlog-tiles.md,
 * tlog-checkpoint.md, signed-note.md.
 */
export function mountTransparency(router: IRouter, context: Context): void {
  router.all('/transparency/checkpoint', onlyReads, async (_request, response) => {
    const checkpoint = await latestCheckpoint(context)
    if (!checkpoint) throw new Fault('NOT_FOUND', 'the log has not been signed yet')
    send(response, { body: checkpoint.note, type: TEXT, cache: FOR_A_MOMENT })
  })
  router.all('/transparency/key', onlyReads, async (_request, response) => {
    const verifier = await logVerifier(context)
    if (verifier === undefined) throw new Fault('NOT_FOUND', 'the log has not been signed yet')
    send(response, { body: `${verifier}\n`, type: TEXT, cache: FOR_A_MOMENT })
  })
  router.all('/transparency/tile/*rest', onlyReads, async ({ path }, response) => {
    const named = parseTilePath(path.slice(TILE_PREFIX.length))
    const body = named && (await bytesOf(context, named))
    if (body === undefined) throw new Fault('NOT_FOUND', 'the signed log has no such tile')
    send(response, { body, type: 'application/octet-stream', cache: FOR_EVER })
  })
  router.all('/transparency{/*rest}', onlyReads, () => {
    throw new Fault('NOT_FOUND', 'there is nothing at this address')
  })
}

const onlyReads: RequestHandler = ({ method }, _response, next) => {
  if (!METHODS.some((each) => each === method)) throw new MethodNotAllowed(METHODS)
  next()
}

async function bytesOf(context: Context, { level, ...place }: TilePath): Promise<Buffer | undefined> {
  if (level !== 'entries') return findTile(context, { level, ...place })
  const entries = await findEntries(context, place)
  return entries && Buffer.concat(entries.flatMap((entry) => [lengthOf(entry), entry]))
}

/** What stands before each entry of a bundle: its length, two bytes, the larger first. */
function lengthOf(entry: Buffer): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(entry.length)
  return bytes
}

type Answer = { readonly body: string | Buffer; readonly type: string; readonly cache: string }

/** Pages of others may read it too: it is public, and a proof that only we can show proves less. */
function send(response: Response, { body, type, cache }: Answer): void {
  response.set({
    'content-type': type,
    'cache-control': cache,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  })
  response.send(body)
}
