import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { DatabaseAddress } from '../../database/client.ts'
import type { Written } from './log-child.ts'

export type Told = { readonly did: string; readonly sealed?: number } & Partial<Written>

/** A process of `log-child.ts`. */
export type LogProcess = {
  /** All that it has told so far. */
  readonly told: readonly Told[]
  /** Waits until it tells that it did something, from now on. */
  readonly next: (did: string) => Promise<Told>
  readonly say: () => void
  readonly end: () => Promise<void>
  readonly kill: () => Promise<void>
}

const file = fileURLToPath(new URL('./log-child.ts', import.meta.url))

/** Starts a process that writes or seals. */
export async function startLogProcess(mode: 'writer' | 'sealer', address: DatabaseAddress): Promise<LogProcess> {
  const child = spawn(process.execPath, [file, mode, JSON.stringify(address)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const told: Told[] = []
  const waiting: ((what: Told) => void)[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const what: Told = JSON.parse(line)
    told.push(what)
    for (const look of [...waiting]) look(what)
  })
  const next = (did: string): Promise<Told> =>
    new Promise((resolve, reject) => {
      waiting.push((what) => what.did === did && resolve(what))
      child.once('exit', () => reject(new Error(`the ${mode} ended before its next ${did}`)))
    })
  await next('start')
  return {
    told,
    next,
    say: () => child.stdin.write('on\n'),
    end: async () => {
      child.stdin.end()
      await exitOf(child)
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exitOf(child)
    },
  }
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
}
