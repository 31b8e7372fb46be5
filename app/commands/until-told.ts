import { Fault } from '../../kernel/fault.ts'

/** Aborts at the first Ctrl-C, so that work ends in good order; a second one ends the process. The sentence says what becomes of it. */
export function untilTold(sentence: string): AbortSignal {
  const told = new AbortController()
  const stop = (): void => told.abort(new Fault('WRONG_STATE', sentence))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  return told.signal
}
