import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bundle } from '../../records/bundles/bundle.ts'
import { verifyBundle } from '../../records/bundles/verify-bundle.ts'
import { consistencyProof } from '../../records/prove-records.ts'
import { selectCheckpoints } from '../../records/store/checkpoints.ts'
import { bundleOf, type SignedLog, signedLog } from '../records/bundles/some-bundle.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const CONTRACT = `0x${'a1'.repeat(20)}`
let folder = ''
let log: SignedLog
let bundle: Bundle

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-bundles-'))
  // alone in a folder: it needs nothing beside it
  await copyFile('examples/verify-bundle.mjs', path.join(folder, 'verify-bundle.mjs'))
  log = await signedLog(world)
  const plain = await bundleOf(world.context, log)
  const [anchored] = await selectCheckpoints(world.context.database.reads, { from: 299, to: 300 })
  const proof = (await consistencyProof(world.context, 300, 1000)).map((hash) => hash.toString('hex'))
  const root = anchored?.root.toString('hex') ?? ''
  const anchor = { chainId: '31337', contract: CONTRACT, sequence: 2, size: 300, root, proof }
  bundle = { ...plain, anchor }
  await writeFile(path.join(folder, 'kept'), log.notes[1])
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number; readonly wrong: readonly string[]; readonly output: string }

function run(file: string, given: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...given], { cwd: file.endsWith('.mjs') ? folder : '.' }, (error, out, err) => {
      const wrong = [...out.matchAll(/^wrong +(\w+)/gm)].map(([, check = '']) => check)
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, wrong, output: out + err })
    })
  })
}

let written = 0

/** Runs the one file on a document, by default with the key and a kept checkpoint. */
async function check(
  document: unknown,
  given: readonly string[] = ['--key', log.key, '--checkpoint', 'kept'],
): Promise<Ran> {
  const name = `bundle-${++written}.json`
  await writeFile(path.join(folder, name), JSON.stringify(document))
  return run('verify-bundle.mjs', [name, ...given])
}

/** The same by our own code. */
function wrongByOurs(document: unknown): readonly string[] {
  const { checks } = verifyBundle(document, { key: log.key, kept: log.notes[1] })
  return checks.filter(({ result }) => result === 'wrong').map(({ check }) => check)
}

describe('a sound bundle', () => {
  test('is sound for the one file alone in a folder, and for the command line', async () => {
    const ran = await check(bundle)
    expect(ran).toMatchObject({ code: 0, wrong: [] })
    expect(ran.output).toContain(log.record)
    expect(ran.output.trimEnd().endsWith('\nsound')).toBe(true)
    expect(wrongByOurs(bundle)).toEqual([])
    const file = path.join(folder, `bundle-${written}.json`)
    const kept = path.join(folder, 'kept')
    const ours = await run('app/cli.ts', ['verify-bundle', file, '--key', log.key, '--checkpoint', kept, '--json'])
    expect(JSON.parse(ours.output)).toMatchObject({ sound: true, record: { id: log.record } })
    expect(ours.code).toBe(0)
  })

  test('without a key of one’s own says so', async () => {
    const ran = await check(bundle, [])
    expect(ran.code).toBe(0)
    expect(ran.output).toMatch(/^unchecked +key +.*compare it/m)
  })
})

/** Each member changed a little, and the check that must name it. */
const CHANGES: readonly (readonly [string, string, (it: Bundle) => unknown])[] = [
  ['format', 'form', (it) => ({ ...it, format: 'other' })],
  ['version', 'form', (it) => ({ ...it, version: 2 })],
  ['a member more', 'form', (it) => ({ ...it, approved: true })],
  ['a member less', 'form', ({ checkpoint: _, ...it }) => it],
  ['record.body', 'inclusion', (it) => ({ ...it, record: { ...it.record, body: it.record.body.replace('3', '4') } })],
  ['record.body to no body', 'record', (it) => ({ ...it, record: { ...it.record, body: '{}' } })],
  ['record.salt', 'inclusion', (it) => ({ ...it, record: { ...it.record, salt: turned(it.record.salt) } })],
  ['inclusion.index', 'inclusion', (it) => ({ ...it, inclusion: { ...it.inclusion, index: 41 } })],
  ['inclusion.index beyond', 'inclusion', (it) => ({ ...it, inclusion: { ...it.inclusion, index: 1000 } })],
  ['inclusion.size', 'inclusion', (it) => ({ ...it, inclusion: { ...it.inclusion, size: 1001 } })],
  [
    'inclusion.proof',
    'inclusion',
    (it) => ({ ...it, inclusion: { ...it.inclusion, proof: oneTurned(it.inclusion.proof) } }),
  ],
  [
    'inclusion.proof cut',
    'inclusion',
    (it) => ({ ...it, inclusion: { ...it.inclusion, proof: it.inclusion.proof.slice(1) } }),
  ],
  ['checkpoint’s size', 'signature', (it) => ({ ...it, checkpoint: it.checkpoint.replace('\n1000\n', '\n1001\n') })],
  ['checkpoint’s name', 'signature', (it) => ({ ...it, checkpoint: it.checkpoint.replaceAll('log.', 'lug.') })],
  ['checkpoint to an older one', 'inclusion', (it) => ({ ...it, checkpoint: log.notes[0] })],
  ['key', 'key', (it) => ({ ...it, key: it.key.replace('+', 'x+') })],
  ['earlier.checkpoint', 'earlier', (it) => ({ ...it, earlier: { ...it.earlier, checkpoint: log.notes[0] } })],
  [
    'earlier.proof',
    'earlier',
    (it) => ({ ...it, earlier: { ...it.earlier, proof: oneTurned(it.earlier?.proof ?? []) } }),
  ],
  ['earlier left out, though one was kept', 'kept', ({ earlier: _, ...it }) => it],
  ['anchor.size', 'anchor', (it) => ({ ...it, anchor: { ...it.anchor, size: 301 } })],
  ['anchor.root', 'anchor', (it) => ({ ...it, anchor: { ...it.anchor, root: turned(it.anchor?.root ?? '') } })],
  ['anchor.proof', 'anchor', (it) => ({ ...it, anchor: { ...it.anchor, proof: [] } })],
  ['anchor.contract to no address', 'form', (it) => ({ ...it, anchor: { ...it.anchor, contract: '0x12' } })],
]

describe('a bundle of which one member was changed', () => {
  test.each(CHANGES)('%s: is refused by both, and named by %s', async (_, named, change) => {
    const changed = change(bundle)
    const ran = await check(changed)
    expect(ran.code).toBe(1)
    expect(ran.wrong).toContain(named)
    expect(wrongByOurs(changed)).toEqual(ran.wrong)
  })

  test('is refused by the command line with exit code 1', async () => {
    const file = path.join(folder, 'changed.json')
    await writeFile(file, JSON.stringify({ ...bundle, record: { ...bundle.record, salt: turned(bundle.record.salt) } }))
    const ours = await run('app/cli.ts', ['verify-bundle', file])
    expect(ours.code).toBe(1)
    expect(ours.output).toMatch(/inclusion.*wrong/)
    expect((await run('app/cli.ts', ['verify-bundle', path.join(folder, 'none.json')])).output).toContain('NOT_FOUND')
  })

  test.each([
    ['text that is no JSON', 'nonsense {'],
    ['a list', '[]'],
    ['nothing', ''],
  ])('%s is refused', async (_, text) => {
    await writeFile(path.join(folder, 'bad.json'), text)
    expect(await run('verify-bundle.mjs', ['bad.json'])).toMatchObject({ code: 1, wrong: ['form'] })
  })
})

describe('the chain', () => {
  const words = (...values: readonly string[]): string => `0x${values.map((value) => value.padStart(64, '0')).join('')}`
  /** A node that answers for the contract by plain JSON-RPC. */
  async function withChain<T>(root: string, work: (rpc: string) => Promise<T>): Promise<T> {
    const answers: Readonly<Record<string, string>> = {
      '0x8f7dcfa3': words('3', (900).toString(16), 'ab'.repeat(32)),
      [`0xfa210653${'2'.padStart(64, '0')}`]: words((300).toString(16), root, '0', '1'),
      [`0xfa210653${'3'.padStart(64, '0')}`]: words((900).toString(16), 'ab'.repeat(32), root, '2'),
    }
    const server = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += String(chunk)
      const { method, params } = JSON.parse(text)
      const result = method === 'eth_chainId' ? '0x7a69' : (answers[params[0].data] ?? '0x')
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }
  const asked = (document: unknown, root: string, contract = CONTRACT): Promise<Ran> =>
    withChain(root, (rpc) => check(document, ['--rpc', rpc, '--contract', contract]))

  test('that holds the anchor confirms it', async () => {
    const ran = await asked(bundle, bundle.anchor?.root ?? '')
    expect(ran).toMatchObject({ code: 0, wrong: [] })
    expect(ran.output).toMatch(/^ok +chain +anchor 2 /m)
  })

  test('is searched for a head that the bundle speaks of when it brings no anchor', async () => {
    const { anchor, ...plain } = bundle
    const ran = await asked(plain, anchor?.root ?? '')
    expect(ran.output).toMatch(/^ok +chain +anchor 2 .*300 records/m)
    const { earlier: _, ...bare } = plain
    expect(await asked(bare, anchor?.root ?? '')).toMatchObject({ code: 1, wrong: ['chain'] })
  })

  test('that holds another root, or is another chain or contract, refutes it', async () => {
    const root = bundle.anchor?.root ?? ''
    expect(await asked(bundle, turned(root))).toMatchObject({ code: 1, wrong: ['chain'] })
    const { anchor, ...plain } = bundle
    expect(await asked(plain, turned(root))).toMatchObject({ code: 1, wrong: ['chain'] })
    expect(await asked({ ...bundle, anchor: { ...anchor, chainId: '1' } }, root)).toMatchObject({ wrong: ['chain'] })
    expect(await asked({ ...bundle, anchor: { ...anchor, sequence: 9 } }, root)).toMatchObject({ wrong: ['chain'] })
    expect(await asked(bundle, root, `0x${'b2'.repeat(20)}`)).toMatchObject({ code: 1, wrong: ['chain'] })
  })

  test('that does not answer is no confirmation', async () => {
    const ran = await check(bundle, ['--rpc', 'http://127.0.0.1:9', '--contract', CONTRACT])
    expect(ran).toMatchObject({ code: 1, wrong: ['chain'] })
  })
})

function turned(hex: string): string {
  return (hex.startsWith('0') ? '1' : '0') + hex.slice(1)
}

function oneTurned(hashes: readonly string[]): readonly string[] {
  return hashes.map((hash, place) => (place === 1 ? turned(hash) : hash))
}
