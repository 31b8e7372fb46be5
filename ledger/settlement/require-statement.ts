import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { findStatement, type StatementDetail } from './find-statement.ts'
import { type Numbered, selectNumbered } from './store/statement-numbers.ts'

/**
 * The issued statement that somebody names by number or id, with what each rule gave; with a partner, one of its own, as it
 * may see it. Throws `NOT_FOUND`, and `INVALID_INPUT` for a number that two programmes have given.
 */
export async function requireStatement(context: Context, named: string, partner?: Id<'ptr'>): Promise<StatementDetail> {
  const id = isId('sta', named) ? named : await idOfNumber(context, { number: named, partner })
  const statement = id === undefined ? undefined : await findStatement(context, { id, partner })
  if (statement !== undefined) return statement
  throw new Fault('NOT_FOUND', `there is no statement ${JSON.stringify(named.slice(0, 200))}`, { field: 'statement' })
}

async function idOfNumber({ database }: Context, numbered: Numbered): Promise<Id<'sta'> | undefined> {
  if (!couldBeNumber(numbered.number)) return undefined
  const [id, another] = await selectNumbered(database.reads, numbered)
  if (another === undefined) return id
  throw new Fault('INVALID_INPUT', `two programmes have a statement ${numbered.number}: name it by its id`, {
    field: 'statement',
  })
}

/** The database takes no text with a NUL or half of a pair. */
function couldBeNumber(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text)
}
