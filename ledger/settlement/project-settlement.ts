import { savepoint, type Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { ProjectedRecord, Projector } from '../../records/projector.ts'
import { selectKnownIds } from '../store/known-ids.ts'
import { ContributionMissing, writeStatements } from './rebuild-statements.ts'
import { keepClosed, keepLocked, type ToldClose } from './store/told-periods.ts'
import { type ToldStatement, toldClose, toldLock, toldStatement } from './told-settlement.ts'

/**
 * Statements and periods out of the log. Drafts are no facts: only what was issued is told, and the parts of it. A
 * statement waits for the records of its lines, and for the contributions in them. Records of lines write nothing on their
 * own: those that no issued statement names are what is left of a calculation that was cut off.
 */
export const settlementProjector: Projector = {
  kinds: ['earning', 'statement', 'period'],
  tables: [
    { name: 'periods', key: ['id'], where: 'locked_at is not null' },
    { name: 'statements', key: ['id'], where: 'issued_at is not null' },
    { name: 'earnings', key: ['id'], where: partOfIssued('earnings') },
    { name: 'statement_lines', key: ['id'], where: partOfIssued('statement_lines') },
  ],
  project: projectSettlement,
}

function partOfIssued(table: string): string {
  return `exists (select from statements s where s.id = ${table}.statement_id and s.issued_at is not null)`
}

type Told = { readonly record: ProjectedRecord; readonly told: ToldStatement }

async function projectSettlement(
  _context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const issued = records.filter(({ body }) => body.kind === 'statement')
  const [closed, locked] = partition(records.filter(({ body }) => body.kind === 'period'))
  const waiting = await projectStatements(
    tx,
    issued.map((record) => ({ record, told: toldStatement(record.body) })),
  )
  await keepLocked(
    tx,
    locked.map(({ body }) => toldLock(body)),
  )
  const early = await projectClosed(tx, closed)
  return [...waiting.map(({ record }) => record), ...early]
}

type Closed = { readonly record: ProjectedRecord; readonly told: ToldClose }

function partition(ofPeriods: readonly ProjectedRecord[]): readonly [readonly Closed[], readonly ProjectedRecord[]] {
  const closed: Closed[] = []
  const locked: ProjectedRecord[] = []
  for (const record of ofPeriods) {
    const told = toldClose(record.body)
    if (told === undefined) locked.push(record)
    else closed.push({ record, told })
  }
  return [closed, locked]
}

/** A closing waits for the lock before it. */
async function projectClosed(tx: Transaction, closed: readonly Closed[]): Promise<readonly ProjectedRecord[]> {
  const early: ProjectedRecord[] = []
  for (const { record, told } of closed) if (!(await keepClosed(tx, told))) early.push(record)
  return early
}

/** All at once; if one of them must wait, each on its own. */
async function projectStatements(tx: Transaction, statements: readonly Told[]): Promise<readonly Told[]> {
  const named = statements.flatMap(({ told }) => told.rules.flatMap(({ earnings }) => earnings))
  const known = await selectKnownIds(tx, 'records', named)
  const complete = ({ told }: Told): boolean =>
    told.rules.every(({ earnings }) => earnings.every((record) => known.has(record)))
  const waiting = statements.filter((one) => !complete(one))
  const ready = statements.filter(complete)
  if (await attempt(tx, ready)) return waiting
  for (const one of ready) if (!(await attempt(tx, [one]))) waiting.push(one)
  return waiting
}

async function attempt(tx: Transaction, statements: readonly Told[]): Promise<boolean> {
  if (statements.length === 0) return true
  try {
    await savepoint(tx, (sql) =>
      writeStatements(
        sql,
        statements.map(({ told }) => told),
      ),
    )
    return true
  } catch (error) {
    if (error instanceof ContributionMissing) return false
    throw error
  }
}
