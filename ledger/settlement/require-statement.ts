import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { findStatement, type StatementDetail } from './find-statement.ts'
import { selectNumbered } from './store/statement-numbers.ts'

/**
 * The issued statement that a person of the staff names by number or id, with what each rule gave. Throws `NOT_FOUND`, and
 * `INVALID_INPUT` for a number that two programmes have given.
 */
export async function requireStatement(context: Context, named: string): Promise<StatementDetail> {
  const id = isId('sta', named) ? named : await idOfNumber(context, named)
  const statement = id === undefined ? undefined : await findStatement(context, { id })
  if (statement !== undefined) return statement
  throw new Fault('NOT_FOUND', `there is no statement ${JSON.stringify(named.slice(0, 200))}`, { field: 'statement' })
}

async function idOfNumber({ database }: Context, number: string): Promise<Id<'sta'> | undefined> {
  const [id, another] = await selectNumbered(database.reads, number)
  if (another === undefined) return id
  throw new Fault('INVALID_INPUT', `two programmes have a statement ${number}: name it by its id`, {
    field: 'statement',
  })
}
