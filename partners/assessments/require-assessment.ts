import type { Reader } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Assessment } from './assessment.ts'
import { selectAssessment } from './store/assessments.ts'

/** The assessment with this id. Throws `NOT_FOUND`. */
export async function requireAssessment(sql: Reader, id: string): Promise<Assessment> {
  const found = await selectAssessment(sql, id)
  if (found === undefined) throw new Fault('NOT_FOUND', 'there is no such assessment', { field: 'assessment' })
  return found
}
