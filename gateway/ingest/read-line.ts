import { Fault } from '../../kernel/fault.ts'
import type { FaultCode } from '../../kernel/fault-codes.ts'
import type { Line } from '../../kernel/ndjson-lines.ts'
import { parseStrictJson } from '../../kernel/strict-json.ts'
import { decodeUtf8 } from '../requests/read-body.ts'

/** A line that changed nothing, and why. */
export type LineRefusal = {
  readonly line: number
  readonly externalId?: string
  readonly code: FaultCode
  readonly message: string
  readonly field?: string
}

/** What a line says. */
export type SoundLine = { readonly line: number; readonly item: unknown }

/** Reads a line as strict JSON, or says why it is none. */
export function readLine({ number: line, bytes }: Line): SoundLine | LineRefusal {
  try {
    return { line, item: parseStrictJson(decodeUtf8(bytes)) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { line, code: error.code, message: error.message.replace('the body', 'the line') }
  }
}

/** A refusal of an item, as the refusal of its line. */
export function refusedLine(line: number, { externalId, code, message, field }: RefusedItem): LineRefusal {
  return { line, code, message, ...(externalId !== undefined && { externalId }), ...(field !== undefined && { field }) }
}

type RefusedItem = {
  readonly externalId: string | undefined
  readonly code: FaultCode
  readonly message: string
  readonly field: string | undefined
}
