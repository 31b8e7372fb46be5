import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { StatementAnswer } from './statement-answer.ts'
import { selectAnswers } from './store/answers.ts'

/** What was answered to these statements, of those that are issued. */
export async function findAnswers(
  context: Context,
  statements: readonly Id<'sta'>[],
): Promise<ReadonlyMap<Id<'sta'>, StatementAnswer>> {
  return selectAnswers(context.database.reads, statements)
}
