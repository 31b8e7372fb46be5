import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { DatabaseAddress } from '../../database/client.ts'
import type { ClosingLine } from './closing-process.ts'

/** Where a closing is killed: in a step, once so many facts of it were read. */
export type Stop = { readonly step: string; readonly facts: number }

/** What a closing took that came to its end. */
export type Ended = Extract<ClosingLine, { readonly lines: number }>

/** Closes the month in a process of its own; with a stop it is killed there, and nothing is told of it. */
export async function closeApart(address: DatabaseAddress, stop?: Stop): Promise<Ended | undefined> {
  const file = fileURLToPath(new URL('./closing-process.ts', import.meta.url))
  const child = spawn(process.execPath, [file, JSON.stringify(address)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  const ended = await follow(child, stop)
  const [code] = await gone
  if (stop === undefined && code !== 0) throw new Error(`a closing ended with ${code}`)
  return ended
}

async function follow(child: ChildProcess, stop: Stop | undefined): Promise<Ended | undefined> {
  if (child.stdout === null) return undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const told: ClosingLine = JSON.parse(line)
    if ('lines' in told) return told
    if (told.step === stop?.step && told.facts >= stop.facts) {
      child.kill('SIGKILL')
      return undefined
    }
  }
  return undefined
}
