import type { Fault } from '../../kernel/fault.ts'
import type { FaultCode, FaultKind } from '../../kernel/fault-codes.ts'

/** Every kind of fault has one HTTP status; a new kind does not compile without one. */
const STATUS_OF_KIND: Readonly<Record<FaultKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition: 422,
  limit: 429,
  unavailable: 503,
}

/** Codes for which HTTP has a status of their own. */
const STATUS_OF_CODE: Readonly<Partial<Record<FaultCode, number>>> = {
  BODY_TOO_LARGE: 413,
  METHOD_NOT_ALLOWED: 405,
  UNSUPPORTED_MEDIA_TYPE: 415,
}

/** The HTTP status of a fault. */
export function statusOf({ code, kind }: Fault): number {
  return STATUS_OF_CODE[code] ?? STATUS_OF_KIND[kind]
}
