import pino from 'pino'
import type { Log } from '../kernel/log.ts'

/** JSON lines on standard output, from a level on. What is secret never reaches it: see the rooms' own rules. */
export function openLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime })
}
