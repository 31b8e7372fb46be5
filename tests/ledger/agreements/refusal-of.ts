import { Fault } from '../../../kernel/fault.ts'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'

/** The code and the path with which terms from outside are refused. */
export function refusalOf(value: unknown): { code: string; field: string | undefined } {
  try {
    parseTerms(value)
  } catch (error) {
    if (error instanceof Fault) return { code: error.code, field: error.field }
    throw error
  }
  throw new Error('the terms were taken')
}
