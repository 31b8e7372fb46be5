import { FAULT_CODES, type FaultCode, type FaultKind } from './fault-codes.ts'

/** What else is known of a refusal: the input's field, the error that led to it. */
export type FaultOptions = {
  /** Path of the input's field that is at fault, dotted, e.g. `rules.0.ratePpm`. */
  readonly field?: string
  readonly cause?: unknown
}

/**
 * The caller is at fault, or the world is in a state in which the request cannot be met.
 * The message is for people outside: what failed and which id, never a secret or personal data.
 */
export class Fault extends Error {
  readonly code: FaultCode
  readonly kind: FaultKind
  readonly field: string | undefined

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.kind = FAULT_CODES[code]
    this.field = options.field
  }
}
