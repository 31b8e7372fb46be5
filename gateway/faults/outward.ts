import { STATUS_CODES } from 'node:http'
import { translateDatabaseError } from '../../database/constraint-faults.ts'
import { Fault } from '../../kernel/fault.ts'
import type { FaultCode } from '../../kernel/fault-codes.ts'
import { Unauthenticated } from '../authenticate/unauthenticated.ts'
import { Throttled } from '../limits/throttled.ts'
import { statusOf } from './http-status.ts'
import { MethodNotAllowed } from './method-not-allowed.ts'

/** An error as the world is told of it: ours are masked, faults of the caller are said as they are. */
export type Outward = {
  readonly status: number
  readonly code: FaultCode | 'INTERNAL'
  readonly message: string
  readonly field?: string
  readonly headers: Readonly<Record<string, string>>
}

/** The same sentence for every error of ours; the log knows more under the request's id. */
const INTERNAL: Outward = {
  status: 500,
  code: 'INTERNAL',
  message: 'something went wrong on our side; the request id names it in our log',
  headers: {},
}

/** What is told of an error outside, at every HTTP door. */
export function outward(raised: unknown): Outward {
  const error = translateDatabaseError(raised)
  if (error instanceof Fault) return ofFault(error)
  const status = clientStatus(error)
  if (status === undefined) return INTERNAL
  return { status, code: 'INVALID_INPUT', message: STATUS_CODES[status] ?? 'the request cannot be met', headers: {} }
}

function ofFault(fault: Fault): Outward {
  const { code, message, field } = fault
  const status = statusOf(fault)
  const headers = {
    ...(fault instanceof Unauthenticated ? { 'www-authenticate': fault.challenge } : {}),
    ...(fault instanceof MethodNotAllowed ? { allow: fault.allow } : {}),
    ...(status === 503 || status === 429 ? { 'retry-after': `${waitSeconds(fault)}` } : {}),
  }
  return { status, code, message, ...(field === undefined ? {} : { field }), headers }
}

function waitSeconds(fault: Fault): number {
  return fault instanceof Throttled ? fault.quota.waitSeconds : 1
}

/** Express and its kin mark what the client did wrong (an address that cannot be decoded) with a status of 4xx. */
function clientStatus(error: unknown): number | undefined {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}
