import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'
import type { TestWorld } from '../../support/database.ts'
import type { ClosingOrder } from './closing-process.ts'

export type Started = { readonly child: ChildProcess; readonly lines: AsyncIterable<string> }

/** Closings by processes of their own, which are killed at the end of each test. */
export type Closings = {
  readonly start: (order: Pick<ClosingOrder, 'programme' | 'verb' | 'stopAt'>) => Started
  /** Kills one where it stands still. */
  readonly killAt: (programme: string, stopAt: string) => Promise<void>
  readonly end: (child: ChildProcess) => Promise<void>
  /** The status it came to, or why it did not. */
  readonly outcomeOf: (programme: string, verb?: ClosingOrder['verb']) => Promise<string>
}

/** Closings of one month, at a time. */
export function useClosings(
  world: Pick<TestWorld, 'address'>,
  { month, now }: Pick<ClosingOrder, 'month' | 'now'>,
): Closings {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })
  const start: Closings['start'] = (order) => {
    const file = fileURLToPath(new URL('./closing-process.ts', import.meta.url))
    const whole: ClosingOrder = { ...order, month, now, address: world.address }
    const child = spawn(process.execPath, [file, JSON.stringify(whole)], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    return { child, lines: createInterface({ input: child.stdout }) }
  }
  return {
    start,
    end,
    killAt: async (programme, stopAt) => {
      const { child, lines } = start({ programme, stopAt })
      for await (const line of lines) if (line === stopAt) break
      await end(child)
    },
    outcomeOf: async (programme, verb = 'close') => lastOf(start({ programme, verb })),
  }
}

/** The last line that a process tells. */
export async function lastOf({ lines }: Started): Promise<string> {
  let last = ''
  for await (const line of lines) last = line
  return last
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
