import type { Reader } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AcceptanceReason } from '../acceptance-record.ts'
import type { StatementAnswer } from '../statement-answer.ts'

type Row = {
  readonly id: string
  readonly ends_at: Date
  readonly held: string
  readonly reason: AcceptanceReason | null
  readonly accepted_by: Actor | null
  readonly accepted_at: Date | null
}

/** What was answered to issued statements. */
export async function selectAnswers(
  sql: Reader,
  statements: readonly Id<'sta'>[],
): Promise<ReadonlyMap<Id<'sta'>, StatementAnswer>> {
  const rows = await sql<Row[]>`
    select e.statement_id as id, e.ends_at, coalesce(d.held, 0) as held, a.reason, a.accepted_by, a.accepted_at
    from statement_dispute_ends e
    left join statement_disputes d on d.statement_id = e.statement_id
    left join statement_acceptances a on a.statement_id = e.statement_id
    where e.statement_id = any(${statements.map(uuidOf)}::uuid[])`
  return new Map(rows.map((row) => [idOf('sta', row.id), answerOf(row)]))
}

function answerOf({ ends_at, held, reason, accepted_by, accepted_at }: Row): StatementAnswer {
  const accepted =
    reason === null || accepted_by === null || accepted_at === null
      ? undefined
      : { reason, by: accepted_by, at: accepted_at }
  return { disputeEndsAt: ends_at, disputed: BigInt(held), accepted }
}
