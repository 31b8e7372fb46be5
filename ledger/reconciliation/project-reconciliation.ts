import type { Transaction } from '../../database/client.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { matchEvent } from './bank-match.ts'
import { breakEvent } from './break-records.ts'
import { statementEvent } from './statement-records.ts'
import { insertEntries } from './store/bank-entries.ts'
import { insertStatement } from './store/bank-statements.ts'
import { applyBreakEvent } from './store/breaks.ts'
import { entryExists, insertGap, insertMatch } from './store/matches.ts'

/** What banks said, what came of it, and what does not fit, out of the log. */
export const reconciliationProjector: Projector = {
  kinds: ['bank_statement', 'bank_match', 'bank_break'],
  tables: [
    { name: 'bank_statements', key: ['id'] },
    { name: 'bank_entries', key: ['id'] },
    { name: 'bank_matches', key: ['entry_id'] },
    { name: 'bank_postings', key: ['journal_entry_id'] },
    { name: 'bank_breaks', key: ['id'] },
  ],
  project: projectEach(projectOne),
}

function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  switch (body.kind) {
    case 'bank_statement':
      return projectStatement(tx, body)
    case 'bank_match':
      return projectMatch(tx, body)
    default:
      invariant(body.kind === 'bank_break', `a record of kind ${body.kind} is none of banks`)
      return projectBreak(tx, body)
  }
}

async function projectStatement(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = parseRecordData(statementEvent, body)
  const record = { id: body.id, at: new Date(body.at) }
  if (told.event === 'STATEMENT') {
    await insertStatement(tx, { ...told, id: told.statement }, { by: body.actor, record })
    return true
  }
  const { statement, ownAccount, asset, entries } = told
  const whole = entries.map((entry) => ({ ...entry, statement, ownAccount, asset }))
  await insertEntries(tx, whole, record)
  return true
}

/** A match waits for its entry. */
async function projectMatch(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = parseRecordData(matchEvent, body)
  if (told.event === 'GAP') {
    await insertGap(tx, told)
    return true
  }
  if (!(await entryExists(tx, told.entry))) return false
  const record = { id: body.id, at: new Date(body.at) }
  await insertMatch(tx, told.ownAccount, told, { by: body.actor, record })
  return true
}

/** What happens to a break waits for its beginning, and for what happened before. */
async function projectBreak(tx: Transaction, body: RecordBody): Promise<boolean> {
  const { break: id, step, ...event } = parseRecordData(breakEvent, body)
  return applyBreakEvent(tx, id, event, { by: body.actor, step, record: { id: body.id, at: new Date(body.at) } })
}
