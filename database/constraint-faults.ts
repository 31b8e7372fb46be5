import { DrizzleQueryError } from 'drizzle-orm'
import postgres from 'postgres'
import { Fault } from '../kernel/fault.ts'
import type { FaultCode } from '../kernel/fault-codes.ts'

/**
 * What a violated constraint means to the caller: the one place where names of constraints become faults.
 * A constraint that is not here is an error of ours.
 */
const CONSTRAINT_FAULTS: Readonly<Record<string, readonly [FaultCode, string]>> = {
  adjustments_second_person: ['FORBIDDEN', 'an adjustment is decided by another person than proposed it'],
  assessments_one_at_a_time: ['WRONG_STATE', 'an assessment of this partner is open already'],
  assessments_three_persons: ['FORBIDDEN', 'an assessment is approved by two persons who did not assess'],
  bank_accounts_two_persons: ['FORBIDDEN', 'a bank account is verified by another person than entered it'],
  complaints_second_person: ['FORBIDDEN', 'a complaint is decided by another person than took it in'],
  consents_one_in_place: ['CONSENT_CHANGED', 'a consent to this partner for this purpose was given at the same moment'],
  invoices_fapiao_once: ['DUPLICATE', 'an invoice with this number was registered already'],
  invoices_number_key: ['DUPLICATE', 'an invoice with this number was registered already'],
  invoices_one_matched: ['DUPLICATE', 'the statement has an invoice that matches it already'],
  log_is_taken_over: ['NOT_READY', 'a log is being replayed into this database: nothing is written until that is done'],
  own_accounts_code_key: ['DUPLICATE', 'an account of ours has this code already'],
  own_accounts_two_persons: ['FORBIDDEN', 'an account of ours is verified by another person than entered it'],
  openings_two_persons: ['FORBIDDEN', 'opening balances are decided by another person than proposed them'],
  payout_addresses_two_persons: ['FORBIDDEN', 'a payout address is verified by another person than entered it'],
  payout_batches_two_persons: ['FORBIDDEN', 'a payout batch is approved by another person than prepared it'],
  statements_are_paid_once: ['DUPLICATE', 'a statement was given to be paid elsewhere at the same moment'],
  payout_claims_once: ['DUPLICATE', 'a statement is in another round that was planned at the same moment'],
  payout_rounds_two_persons: ['FORBIDDEN', 'a round is approved by another person than planned it'],
  partners_code_key: ['DUPLICATE', 'a partner with this code exists already'],
  programmes_code_key: ['DUPLICATE', 'a programme with this code exists already'],
  terms_version_key: ['OVERLAP', 'this version of the terms was published at the same moment'],
  terms_do_not_overlap: ['OVERLAP', 'a version of the terms begins later than the one before it'],
  terms_follows_fkey: ['OVERLAP', 'a version of the terms follows the one before it'],
  terms_proposals_one_at_a_time: ['WRONG_STATE', 'another version of these terms is proposed at present'],
  terms_start_a_period: ['INVALID_INPUT', 'a version of the terms begins with a period of its programme'],
  write_offs_two_persons: ['FORBIDDEN', 'a write-off is decided by another person than proposed it'],
  entries_balance: ['UNBALANCED', 'an entry does not balance in each of its assets'],
  journal_entries_reversed_once: ['ALREADY_REVERSED', 'an entry is reversed once'],
  journal_entries_reverses_fkey: ['NOT_FOUND', 'there is no such entry to reverse'],
  period_is_open: ['PERIOD_LOCKED', 'the period of an entry is locked'],
  agreements_do_not_overlap: ['OVERLAP', 'the partner is a member of this programme in a part of that time already'],
}

/** SQLSTATEs by which the database says that it cannot serve now. */
const UNAVAILABLE = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
])

/** Turns an error of the database into the fault it stands for, or gives it back as it is. */
export function translateDatabaseError(raised: unknown): unknown {
  // drizzle's wrapper hides the constraint, and its message repeats the parameters, which may be personal
  const error = raised instanceof DrizzleQueryError ? raised.cause : raised
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

/** The name of the constraint that an error of the database says was violated. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.constraint_name : undefined
}
