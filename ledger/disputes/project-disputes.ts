import type { Transaction } from '../../database/client.ts'
import { invariant } from '../../kernel/invariant.ts'
import { notUnderstood, parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectKnownIds } from '../store/known-ids.ts'
import { acceptanceData } from './acceptance-record.ts'
import { disputeEvent } from './dispute-record.ts'
import { insertAcceptances } from './store/acceptances.ts'
import { closeDisputeRow, insertDispute } from './store/disputes.ts'
import { settleStanding } from './store/standing.ts'

/** What partners answered to statements, out of the log; where statements stand follows from it. */
export const disputeProjector: Projector = {
  kinds: ['acceptance', 'dispute'],
  tables: [
    { name: 'statement_acceptances', key: ['statement_id'] },
    { name: 'disputes', key: ['id'] },
  ],
  project: projectEach(projectOne),
}

/** An answer waits for its statement, and the end of a dispute for its beginning. */
async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  if (body.partner === undefined) throw notUnderstood(body)
  if (body.kind === 'dispute') return projectDispute(tx, { ...body, partner: body.partner })
  invariant(body.kind === 'acceptance', `a record of kind ${body.kind} is no answer to a statement`)
  const { statement, reason } = parseRecordData(acceptanceData, body)
  if ((await selectKnownIds(tx, 'statements', [statement])).size === 0) return false
  await insertAcceptances(tx, [{ statement, partner: body.partner, reason, ...actOf(body) }])
  await settleStanding(tx, [statement])
  return true
}

async function projectDispute(
  tx: Transaction,
  body: RecordBody & Required<Pick<RecordBody, 'partner'>>,
): Promise<boolean> {
  const told = parseRecordData(disputeEvent, body)
  const { event, dispute: id, statement } = told
  if (event === 'OPENED') {
    if ((await selectKnownIds(tx, 'statements', [statement])).size === 0) return false
    const { rules, lines, held, reason } = told
    await insertDispute(tx, { id, statement, partner: body.partner, rules, lines, held, reason }, actOf(body))
  } else {
    const answer = 'answer' in told ? told.answer : undefined
    const adjustment = 'adjustment' in told ? told.adjustment : undefined
    if (!(await closeDisputeRow(tx, { id, status: event, answer, adjustment, ...actOf(body) }))) return false
  }
  await settleStanding(tx, [statement])
  return true
}

function actOf({ id, actor, at }: RecordBody) {
  return { by: actor, record: { id, at: new Date(at) } }
}
