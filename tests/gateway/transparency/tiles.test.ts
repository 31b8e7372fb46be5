import { hash } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logNameOf } from '../../../records/log-name.ts'
import { sealRecords } from '../../../records/seal-records.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import { useWorld } from '../../support/database.ts'
import { ORIGIN, startGateway, type TestGateway } from '../gateway.ts'
import { fetchHead, openHead, rootFrom, tileReader } from './tile-client.ts'

const world = useWorld()
const origin = logNameOf(ORIGIN)
let gateway: TestGateway

beforeAll(async () => {
  gateway = await startGateway(world)
})
afterAll(async () => {
  await gateway.close()
})

/** Lets the log grow to a size, without the cost of making each record, and signs for it. */
async function growTo(size: number): Promise<void> {
  const [{ have } = { have: 0 }] = await world.owner<{ have: number }[]>`select count(*)::int as have from records`
  await world.owner`
    insert into records (id, kind, body, salt, recorded_at)
    select gen_random_uuid(), 'product', 'record ' || n, substr(sha256(n::text::bytea), 1, 16), now()
    from generate_series(${have}::int + 1, ${size}::int) as n`
  for (let sealed = have; sealed < size; ) sealed += await sealRecords(world.context)
  await signCheckpoint(world.context, { origin })
}

const verifierKey = async () => (await (await gateway.fetch('/transparency/key')).text()).trim()

/** Sends a path as it stands: `fetch` would tidy it first. */
function raw(path: string, method = 'GET'): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: gateway.port, path, method }, (response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    asked.on('error', reject).end()
  })
}

describe('before the first checkpoint', () => {
  it.each(['checkpoint', 'key', 'tile/0/000', 'tile/0/000.p/1', 'tile/entries/000.p/1'])(
    'there is no %s',
    async (path) => {
      const answer = await gateway.fetch(`/transparency/${path}`)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' })
    },
  )
})

describe('an outsider with nothing but the specifications', () => {
  it.each([0, 1, 2, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537, 66_049])(
    'computes the signed root of %i records from tiles, and proves entries of them',
    async (size) => {
      await growTo(size)
      const head = await fetchHead(gateway.fetch, await verifierKey())
      expect(head).toMatchObject({ origin, size })
      const tree = tileReader(gateway.fetch, size)
      expect(await tree.root()).toEqual(head.root)
      for (const index of new Set([0, 1, 254, 255, 256, 65_535, 65_536, Math.floor(size / 2), size - 1])) {
        if (index < 0 || index >= size) continue
        const entry = await tree.entry(index)
        expect(rootFrom(entry, index, size, await tree.inclusion(index))).toEqual(head.root)
        if (size > 1) expect(() => rootFrom(entry, index, size, [])).toThrow('too short')
      }
    },
    120_000,
  )

  it('reads every smaller tree that was signed, also where its tiles are full now', async () => {
    const notes = await world.owner<{ signed_note: string }[]>`select signed_note from checkpoints order by size`
    expect(notes).toHaveLength(12)
    for (const { signed_note } of notes) {
      const head = openHead(signed_note, await verifierKey())
      expect(await tileReader(gateway.fetch, head.size).root()).toEqual(head.root)
    }
  })

  it('finds in an entry the hash of a record’s salt and body, and nothing else', async () => {
    const [sealed] = await world.owner<{ seq: string; body: string; salt: Buffer }[]>`
      select s.seq, r.body, r.salt from seals s join records r on r.id = s.record_id where s.seq = 300`
    const entry = await tileReader(gateway.fetch, 513).entry(299)
    const commitment = hash('sha256', Buffer.concat([sealed?.salt ?? Buffer.of(), Buffer.from(sealed?.body ?? '')]))
    expect(entry.toString('hex')).toBe(commitment)
  })

  it('refuses a checkpoint of which one letter was changed', async () => {
    const note = await (await gateway.fetch('/transparency/checkpoint')).text()
    const key = await verifierKey()
    expect(openHead(note, key).size).toBe(66_049)
    expect(() => openHead(note.replace('66049', '66048'), key)).toThrow('signature')
  })
})

describe('what is served', () => {
  it('is text for a moment, and tiles for ever, to pages of anybody', async () => {
    const checkpoint = await gateway.fetch('/transparency/checkpoint')
    expect(checkpoint.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(checkpoint.headers.get('cache-control')).toBe('public, max-age=1')
    expect(checkpoint.headers.get('access-control-allow-origin')).toBe('*')
    for (const path of ['0/000', '0/000.p/7', '1/000', '1/001.p/1', '2/000.p/1', 'entries/257', 'entries/258.p/1']) {
      const tile = await gateway.fetch(`/transparency/tile/${path}`)
      expect([path, tile.status]).toEqual([path, 200])
      expect(tile.headers.get('content-type')).toBe('application/octet-stream')
      expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
  })

  it('is told by its head alone when that is asked for', async () => {
    expect(await raw('/transparency/tile/0/000', 'HEAD')).toEqual({ status: 200, body: '' })
    expect(await raw('/transparency/checkpoint', 'HEAD')).toEqual({ status: 200, body: '' })
  })

  it('covers what was signed for only, though more is sealed', async () => {
    await world.owner`
      insert into records (id, kind, body, salt, recorded_at)
      select gen_random_uuid(), 'product', 'x', decode(repeat('00', 16), 'hex'), now()`
    for (let sealed = 0; sealed < 1; ) sealed += await sealRecords(world.context)
    expect((await raw('/transparency/tile/0/258.p/1')).status).toBe(200)
    expect((await raw('/transparency/tile/0/258.p/2')).status).toBe(404)
    expect((await raw('/transparency/tile/entries/258.p/2')).status).toBe(404)
    await signCheckpoint(world.context, { origin })
    expect((await raw('/transparency/tile/0/258.p/2')).status).toBe(200)
    expect((await raw('/transparency/tile/entries/258.p/2')).status).toBe(200)
  })

  it('has a name that follows from the address, which stands on the first page', async () => {
    expect(origin).toBe('api.tributary.test/transparency')
    const page = await (await gateway.fetch('/')).text()
    expect(page).toContain(`href="${ORIGIN}/transparency/checkpoint"`)
    expect(page).toContain(`href="${ORIGIN}/transparency/key"`)
  })
})

describe('an address that is none', () => {
  it.each([
    '/transparency',
    '/transparency/',
    '/transparency/other',
    '/transparency/checkpoint/x',
    '/transparency/tile',
    '/transparency/tile/',
    '/transparency/tile/0',
    '/transparency/tile/0/',
    '/transparency/tile/0/0',
    '/transparency/tile/0/0000',
    '/transparency/tile/0/000/',
    '/transparency/tile/0//000',
    '/transparency/tile/0/x000/000',
    '/transparency/tile/0/x000',
    '/transparency/tile/0/001/000',
    '/transparency/tile/0/X001/000',
    '/transparency/tile/00/000',
    '/transparency/tile/01/000',
    '/transparency/tile/-1/000',
    '/transparency/tile/64/000',
    '/transparency/tile/63/000',
    '/transparency/tile/7/000.p/1',
    '/transparency/tile/999999999999/000',
    '/transparency/tile/0/000.p',
    '/transparency/tile/0/000.p/',
    '/transparency/tile/0/000.p/0',
    '/transparency/tile/0/000.p/01',
    '/transparency/tile/0/000.p/256',
    '/transparency/tile/0/000.p/1000',
    '/transparency/tile/0/000.p/1/1',
    '/transparency/tile/0/000.p/-1',
    '/transparency/tile/0/259',
    '/transparency/tile/0/258',
    '/transparency/tile/1/001',
    '/transparency/tile/2/000',
    '/transparency/tile/2/000.p/2',
    '/transparency/tile/0/x999/x999/x999/x999/999',
    '/transparency/tile/0/x999/x999/x999/x999/x999/x999/999',
    '/transparency/tile/entries/x000/000',
    '/transparency/tile/entries/259',
    '/transparency/tile/ENTRIES/000',
    '/transparency/tile/data/000',
    '/transparency/tile/0/%30%30%30',
    '/transparency/tile/%2e%2e/checkpoint',
    '/transparency/tile/../tile/0/000.p/0',
    '/transparency/tile/0/000%00',
    '/transparency/tile/0/000%0a',
    '/transparency/tile/0/000;x',
    '/transparency/tile/0/٠٠٠'.replaceAll('٠', '%D9%A0'),
  ])('%s is not found, and is a problem with a code', async (path) => {
    const { status, body } = await raw(path)
    expect([path, status]).toEqual([path, 404])
    expect(JSON.parse(body)).toMatchObject({ code: 'NOT_FOUND', status: 404 })
  })

  it.each(['/transparency/tile/%', '/transparency/tile/%zz/000', '/transparency/%ff'])(
    '%s cannot be read, and is a problem with a code',
    async (path) => {
      const { status, body } = await raw(path)
      expect(status).toBe(400)
      expect(JSON.parse(body)).toMatchObject({ code: 'INVALID_INPUT' })
    },
  )

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('takes no %s', async (method) => {
    for (const path of [
      '/transparency/checkpoint',
      '/transparency/key',
      '/transparency/tile/0/000',
      '/transparency/x',
    ]) {
      const answer = await gateway.fetch(path, { method })
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      expect(await answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
    }
  })
})
