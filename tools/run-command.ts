import { type ChildProcess, spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { checkoutRoot } from './checkout-root.ts'

/** What a finished command said, both streams in the order they came. */
export type Finished = { readonly exitCode: number; readonly output: string; readonly seconds: number }

/** Runs a script on this Node in the checkout and keeps what it prints. */
export async function runQuietly(script: readonly string[]): Promise<Finished> {
  const start = performance.now()
  const child = startNode(script, 'pipe')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const exitCode = await exitOf(child)
  return { exitCode, output, seconds: (performance.now() - start) / 1000 }
}

/** Runs a script on this Node in the checkout, shows what it prints as it comes, and returns its exit code. */
export async function runShown(script: readonly string[]): Promise<number> {
  const child = startNode(script, 'inherit')
  // A terminal's Ctrl-C reaches the child by itself; a SIGTERM reaches only us.
  const stop = (): boolean => child.kill('SIGTERM')
  process.once('SIGTERM', stop)
  const exitCode = await exitOf(child)
  process.off('SIGTERM', stop)
  return exitCode
}

/** The path of the command that a package of ours brings, to be run on this Node. */
export function packageCommand(name: string): string {
  return join(checkoutRoot, 'node_modules', '.bin', name)
}

function startNode(script: readonly string[], output: 'pipe' | 'inherit'): ChildProcess {
  // What these scripts start by name must be this Node as well, not an older one of the machine.
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
  const options = { cwd: checkoutRoot, env: { ...process.env, PATH: path } }
  return spawn(process.execPath, [...script], { ...options, stdio: ['ignore', output, output] })
}

async function exitOf(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.once('error', reject)
  // A command that a signal ended has no exit code, and has not succeeded.
  child.once('close', (code) => resolve(code ?? 1))
  return await promise
}
