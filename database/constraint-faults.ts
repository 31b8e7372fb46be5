import postgres from 'postgres'
import { Fault } from '../kernel/fault.ts'
import type { FaultCode } from '../kernel/fault-codes.ts'

/**
 * What a violated constraint means to the caller: the one place where names of constraints become faults.
 * A constraint that is not here is an error of ours.
 */
const CONSTRAINT_FAULTS: Readonly<Record<string, readonly [FaultCode, string]>> = {
  partners_code_key: ['DUPLICATE', 'a partner with this code exists already'],
}

/** SQLSTATEs by which the database says that it cannot serve now. */
const UNAVAILABLE = new Set(['57P01', '57P02', '57P03', '53300', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT', 'ECONNREFUSED', 'ECONNRESET', 'ENOENT'])

/** Turns an error of the database into the fault it stands for, or gives it back as it is. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof postgres.PostgresError) {
    const meaning = CONSTRAINT_FAULTS[error.constraint_name ?? '']
    if (meaning) return new Fault(meaning[0], meaning[1], { cause: error })
    if (error.code === '57014') return new Fault('TIMEOUT', 'the database took too long to answer', { cause: error })
  }
  return UNAVAILABLE.has(codeOf(error)) ? unavailable(error) : error
}

function unavailable(cause: unknown): Fault {
  return new Fault('DATABASE_UNAVAILABLE', 'the database does not answer', { cause })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
