import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { openAnchorContract } from '../../../contracts/anchor-contract.ts'
import { signerOfKey } from '../../../contracts/signer.ts'
import { anchorStatus } from '../../../records/anchoring/anchor-status.ts'
import { takeAnchorTurn } from '../../../records/anchoring/take-anchor-turn.ts'
import { type Anvil, FUNDED_KEYS, startAnvil, useAnvil } from '../../support/anvil.ts'
import { useWorld } from '../../support/database.ts'
import type { AnchoringOrder } from './anchoring-process.ts'
import { deployAnchor, POLICY, useAnchoring } from './scene.ts'

const world = useWorld()
const anvil = useAnvil()
const anchoring = useAnchoring(world, anvil)
const { turn, grow, anchored } = anchoring
const PACED = { ...POLICY, everySeconds: 15 }
const children: ChildProcess[] = []
const nodes: Anvil[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const node of nodes.splice(0)) await node.kill()
})

const status = () => anchorStatus(world.context, { contract: anchoring.chain.contract })

describe('a process that is killed', () => {
  test('after it signed and before that was kept leaves nothing, and the next one signs', async () => {
    const { size } = await grow(2)
    await killAt('SIGNED')
    expect((await status()).attempts).toEqual([])
    expect((await turn()).state).toBe('SENT')
    expect(await anchored()).toBe(size)
  })

  test('between keeping and sending leaves the very bytes that the next one sends', async () => {
    const { size } = await grow(2)
    await killAt('KEPT')
    const [kept] = (await status()).attempts
    expect(kept).toMatchObject({ number: 1, sentAt: undefined })
    expect(await anchored()).toBe(0)
    expect(await turn()).toMatchObject({ state: 'SENT', hash: kept?.hash })
    expect(await anchored()).toBe(size)
    expect((await status()).attempts).toHaveLength(1)
  })

  test('after sending leaves nothing to do, mined or not', async () => {
    const { size } = await grow(2)
    await anvil.automine(false)
    await killAt('SENT')
    expect((await turn()).state).toBe('PENDING')
    await anvil.mine()
    expect((await turn()).state).toBe('CURRENT')
    expect(await anchored()).toBe(size)
    expect((await status()).attempts).toHaveLength(1)
  })
})

describe('processes at once', () => {
  test('anchor each checkpoint once', { timeout: 60_000 }, async () => {
    const { size } = await grow(3)
    const ends = await Promise.all(
      [1, 2, 3].map(async () => {
        const lines: string[] = []
        for await (const line of start({ turns: 4 }).lines) lines.push(line)
        return lines
      }),
    )
    expect(ends.map((lines) => lines.at(-1))).toEqual(['CURRENT', 'CURRENT', 'CURRENT'])
    expect(await anchoring.chain.head()).toMatchObject({ sequence: 1n, size: BigInt(size) })
    expect((await status()).attempts).toHaveLength(1)
  })

  test('of workers, one takes each turn', async () => {
    await grow(1)
    const parts = { chain: anchoring.chain, policy: PACED }
    const turns = await Promise.all([1, 2, 3, 4, 5].map(() => takeAnchorTurn(world.context, parts)))
    expect(turns.filter((each) => each !== undefined)).toMatchObject([{ state: 'SENT' }])
    world.clock.set(new Date(world.clock.now().getTime() + 15_000))
    expect(await takeAnchorTurn(world.context, parts)).toMatchObject({ state: 'CURRENT' })
  })
})

describe('a chain that is down', () => {
  test('is waited for, more and more seldom, while the log goes on; then all is caught up', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tributary-chain-'))
    const stateFile = path.join(folder, 'state.json')
    const first = await startNode({ stateFile })
    const contract = await deployAnchor(first.url)
    const chain = openAnchorContract({ rpcUrl: first.url, contract, signer: signerOfKey(FUNDED_KEYS[0]) })
    const parts = { chain, policy: PACED }
    const look = () => anchorStatus(world.context, { contract })
    const before = await grow(2)
    expect(await takeAnchorTurn(world.context, parts)).toMatchObject({ state: 'SENT' })
    const port = Number(new URL(first.url).port)
    await first.stop()

    await grow(5)
    const pauses: number[] = []
    for (let seconds = 0; pauses.length < 7; seconds += 5) {
      world.clock.set(new Date(world.clock.now().getTime() + 5_000))
      const took = await takeAnchorTurn(world.context, parts)
      if (took === undefined) continue
      expect(took).toEqual({ state: 'WAITING', why: 'the chain’s node does not answer (ECONNREFUSED)' })
      pauses.push(seconds)
    }
    const gaps = pauses.slice(1).map((at, place) => at - (pauses[place] ?? 0))
    expect(gaps).toEqual([30, 60, 120, 240, 480, 600])
    expect(await look()).toMatchObject({
      state: 'WAITING',
      anchoredSize: 0n,
      lag: { records: BigInt(before.size + 5) },
    })

    const again = await startNode({ stateFile, port })
    expect(again.url).toBe(first.url)
    world.clock.set(new Date(world.clock.now().getTime() + 600_000))
    expect(await takeAnchorTurn(world.context, parts)).toMatchObject({ state: 'SENT' })
    world.clock.set(new Date(world.clock.now().getTime() + 15_000))
    expect(await takeAnchorTurn(world.context, parts)).toMatchObject({ state: 'CURRENT' })
    expect(await look()).toMatchObject({ sequence: 2n, lag: { records: 0n, seconds: 0 }, state: 'CURRENT' })
    chain.close()
    await rm(folder, { recursive: true })
  })

  test('neither its silence nor its refusal tells the address or the key', async () => {
    const key = FUNDED_KEYS[1]
    const secret = 'http://user:hush@127.0.0.1:9/v3/apikey?token=hush'
    const chain = openAnchorContract({ rpcUrl: secret, contract: anchoring.chain.contract, signer: signerOfKey(key) })
    const error = await chain.identify().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'CHAIN_UNAVAILABLE' })
    expect(error).not.toHaveProperty('cause')
    const refused = openAnchorContract({
      rpcUrl: `${anvil.url}/?token=hush`,
      contract: anchoring.chain.contract,
      signer: signerOfKey(key),
    })
    const words = JSON.stringify([
      error,
      String(error),
      await refused.broadcast(Buffer.from('00', 'hex')),
      anchoring.chain,
    ])
    expect(words).not.toMatch(/hush|apikey/)
    expect(words).not.toContain(key.slice(2, 20))
    for (const each of [chain, refused]) each.close()
  })
})

type Started = { readonly child: ChildProcess; readonly lines: AsyncIterable<string> }

function start(order: Pick<AnchoringOrder, 'turns' | 'stopAt'>): Started {
  const file = fileURLToPath(new URL('./anchoring-process.ts', import.meta.url))
  const { contract } = anchoring.chain
  const whole: AnchoringOrder = { ...order, address: world.address, url: anvil.url, contract, key: FUNDED_KEYS[0] }
  const child = spawn(process.execPath, [file, JSON.stringify(whole)], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return { child, lines: createInterface({ input: child.stdout }) }
}

async function killAt(stopAt: 'SIGNED' | 'KEPT' | 'SENT'): Promise<void> {
  const { child, lines } = start({ turns: 1, stopAt })
  const told: string[] = []
  for await (const line of lines) {
    told.push(line)
    if (line === stopAt) break
  }
  expect(told.at(-1)).toBe(stopAt)
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function startNode(options: Parameters<typeof startAnvil>[0]): Promise<Anvil> {
  const node = await startAnvil(options)
  nodes.push(node)
  return node
}
