import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { findStatement, type StatementDetail } from '../settlement/find-statement.ts'
import { requireStatement } from '../settlement/require-statement.ts'
import { answererOf } from './answerer.ts'
import { keepAcceptances } from './keep-acceptances.ts'
import { holdStanding } from './store/standing.ts'

const acceptStatementInput = z.strictObject({
  /** Its number or id. */
  statement: z.string().max(200),
  idempotencyKey: z.string(),
})

export type AcceptStatementInput = z.input<typeof acceptStatementInput> & {
  /** The partner's client; without one, a member of the staff acts on the partner's behalf. */
  readonly caller?: PartnerCaller | undefined
}

/**
 * Accepts an issued statement: it can be paid before its days to dispute are over, and not be disputed any more. Accepting
 * it again changes nothing. Throws `NOT_FOUND` (another partner's, too), `WRONG_STATE` while a dispute is open,
 * `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN`. Source: ADR 0021.
 */
export async function acceptStatement(
  context: Context,
  { caller, ...input }: AcceptStatementInput,
): Promise<StatementDetail> {
  const { partner, scope } = answererOf(context, caller)
  const { idempotencyKey: key, ...asked } = parseExactly(acceptStatementInput, input, 'acceptance')
  const statement = await requireStatement(context, asked.statement, partner)
  const request = { statement: statement.id }
  await once(context, { scope: `${scope}:statements.accept`, key, request }, (tx) => accept(context, tx, statement.id))
  return (await findStatement(context, { id: statement.id, partner })) ?? statement
}

async function accept(context: Context, tx: Transaction, id: Id<'sta'>): Promise<Id<'sta'>> {
  const { statement, partner, number, status } = await holdStanding(tx, id)
  if (status === 'DISPUTED') {
    throw new Fault('WRONG_STATE', `${number} is disputed: withdraw that first, or wait for the answer`, {
      field: 'statement',
    })
  }
  if (status === 'ISSUED') {
    await keepAcceptances(context, tx, [{ statement, partner, reason: 'WORD', by: context.actor }])
  }
  return statement
}
