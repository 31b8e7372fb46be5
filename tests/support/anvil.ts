import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { JsonRpcProvider } from 'ethers'
import { afterAll, beforeAll } from 'vitest'
import { openMinedFirst } from './mined-first.ts'

/** A real chain node that listens on loopback. */
export type Anvil = {
  readonly url: string
  /** Asks the node for anything. */
  readonly send: (method: string, parameters?: readonly unknown[]) => Promise<unknown>
  readonly mine: (blocks?: number) => Promise<void>
  /** Mines each transaction at once, or only when told by `mine`. */
  readonly automine: (on: boolean) => Promise<void>
  /** Takes back the last blocks, and puts as many empty ones in their place. */
  readonly reorganise: (blocks: number) => Promise<void>
  /** Ends the process as a crash would; nothing of the chain is left, but for a state file. */
  readonly kill: () => Promise<void>
  /** Ends the process in good order: a state file is written. */
  readonly stop: () => Promise<void>
}

export type AnvilOptions = {
  /** A port of its own when 0. */
  readonly port?: number
  /** Keeps the chain in this file, and begins with what is in it. */
  readonly stateFile?: string
  readonly chainId?: number
}

/** Keys of accounts that anvil funds with 10,000 ether: they are published with it, and worth nothing anywhere else. */
export const FUNDED_KEYS = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  '0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6',
  '0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a',
] as const

const running = new Set<ChildProcess>()
// whatever a test does, no node outlives its process
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a node. Stop it, or call it by {@link useAnvil}, which does. */
export async function startAnvil({ port = 0, stateFile, chainId = 31_337 }: AnvilOptions = {}): Promise<Anvil> {
  const options = ['--host', '127.0.0.1', '--port', '0', '--chain-id', String(chainId)]
  if (stateFile !== undefined) options.push('--state', stateFile)
  const child = spawn(binary(), options, { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const before = await openMinedFirst(`http://${await listening(child)}`, port)
  const { url } = before
  const provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1 })
  const send = (method: string, parameters: readonly unknown[] = []): Promise<unknown> =>
    provider.send(method, [...parameters])
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    provider.destroy()
    before.close()
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    url,
    send,
    mine: async (blocks = 1) => void (await send('anvil_mine', [`0x${blocks.toString(16)}`])),
    automine: async (on) => void (await send('evm_setAutomine', [on])),
    reorganise: async (blocks) => void (await send('anvil_reorg', [blocks, []])),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

/** A node for all tests of a file, ended with them; read it inside tests and hooks. */
export function useAnvil(options: AnvilOptions = {}): Anvil {
  let anvil: Anvil | undefined
  beforeAll(async () => {
    anvil = await startAnvil(options)
  })
  afterAll(() => anvil?.kill())
  const present = (): Anvil => {
    if (anvil === undefined) throw new Error('the node is started in beforeAll: read it inside a test')
    return anvil
  }
  return {
    get url() {
      return present().url
    },
    send: (method, parameters) => present().send(method, parameters),
    mine: (blocks) => present().mine(blocks),
    automine: (on) => present().automine(on),
    reorganise: (blocks) => present().reorganise(blocks),
    kill: () => present().kill(),
    stop: () => present().stop(),
  }
}

/** The binary itself: the package's launcher would not pass signals on. */
function binary(): string {
  const machine = process.arch === 'x64' ? 'amd64' : process.arch
  const launcher = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json')
  return createRequire(launcher).resolve(`@foundry-rs/anvil-${process.platform}-${machine}/bin/anvil`)
}

async function listening(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('anvil has no output')
  const lines = createInterface({ input: child.stdout })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  lines.on('line', (line) => {
    const address = /Listening on (\S+)/.exec(line)?.[1]
    if (address !== undefined) resolve(address)
  })
  child.once('error', reject)
  child.once('exit', () => reject(new Error('anvil ended before it listened')))
  return promise
}
