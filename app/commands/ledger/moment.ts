import { Fault } from '../../../kernel/fault.ts'
import type { BalanceMoment } from '../../../ledger/journal/balance.ts'

export type MomentOptions = { readonly at?: string; readonly seq?: string }

/** Reads `--at` or `--seq`. Throws `INVALID_INPUT`, also for both. */
export function readMoment({ at, seq }: MomentOptions): BalanceMoment {
  if (at !== undefined && seq !== undefined) throw new Fault('INVALID_INPUT', 'give either --at or --seq')
  if (at !== undefined) return { at: readInstant('--at', at) }
  return seq === undefined ? {} : { seq: readWhole('--seq', seq) }
}

/** Reads an instant such as `2026-01-31T08:00:00Z`. Throws `INVALID_INPUT`; a time without a zone names no instant. */
export function readInstant(option: string, text: string): Date {
  const at = new Date(text)
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})$/.test(text) || Number.isNaN(at.getTime())) {
    throw new Fault('INVALID_INPUT', `${option} takes a time such as 2026-01-31T08:00:00+08:00`)
  }
  return at
}

/** Reads a whole number. Throws `INVALID_INPUT`. */
export function readWhole(option: string, text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new Fault('INVALID_INPUT', `${option} takes a whole number`)
  return Number(text)
}
