import { Fault } from '../kernel/fault.ts'
import { isReaderGone } from './reader-gone.ts'

/**
 * Says to a person at a terminal what went wrong; an error of ours keeps its stack. Nothing is said when it is that nobody
 * reads any more. Returns the exit code.
 */
export function sayFault(error: unknown): number {
  if (isReaderGone(error)) return 1
  const text = error instanceof Fault ? `${error.code}: ${error.message}` : stackOf(error)
  process.stderr.write(`${text}\n`)
  return 1
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
