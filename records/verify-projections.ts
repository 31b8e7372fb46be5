import type { Database, Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import type { ProjectedTable, Projector } from './projector.ts'
import { selectExported } from './store/exported-records.ts'
import { compareWithCopy, countCopies, type Difference, makeCopies } from './store/projections.ts'
import { selectTree } from './store/seals.ts'
import { type Finding, type Findings, findings } from './verify/findings.ts'
import { type Follower, followLog } from './verify/follow-log.ts'
import type { VerifyProgress } from './verify-records.ts'

export type VerifyProjectionsInput = {
  readonly projectors: readonly Projector[]
  readonly onProgress?: (progress: VerifyProgress) => void
}

type Doubt = { readonly table: ProjectedTable; readonly differences: readonly Difference[] }

const PAGE = 2000
/** Rows of a table that are doubted at once; what is wrong throughout need not be told row by row. */
const DOUBTS = 1000
const ROUNDS = 5
const LONG_SECONDS = 3600

/**
 * Checks that the tables say what the records say: the log is written into empty copies of them, and each is compared with
 * its copy both ways. It may run beside writers and sealers. The long comparison holds nobody up, but sees tables that have
 * gone on; rows that differ are looked at again in a short transaction, in one snapshot with all records that it sees.
 * Only what differs there is a finding. Source: ADR 0010.
 */
export async function verifyProjections(
  context: Context,
  { projectors, onProgress }: VerifyProjectionsInput,
): Promise<readonly Finding[]> {
  const tables = projectors.flatMap((projector) => projector.tables)
  const found = findings()
  return context.database.aside(async (transaction) => {
    await transaction((tx) => makeCopies(tx, tables))
    // what has no table to compare might write where there is no copy
    const follower = followLog(context, projectors.filter(hasTables), found)
    await followSealed(context, transaction, follower, onProgress)
    await transaction((tx) => follower.catchUp(tx), { statementTimeoutSeconds: LONG_SECONDS })
    await transaction((tx) => countCopies(tx, tables))
    for (let round = 1; round <= ROUNDS; round++) {
      const doubts = await compareAll(transaction, tables)
      const wrong = await lookAgain(transaction, follower, doubts, found)
      if (wrong > 0 || doubts.every(({ differences }) => differences.length < DOUBTS)) break
    }
    return found.list()
  })
}

function hasTables({ tables }: Projector): boolean {
  return tables.length > 0
}

async function followSealed(
  { database: { reads } }: Context,
  transaction: Database['transaction'],
  { apply }: Follower,
  onProgress: VerifyProjectionsInput['onProgress'],
): Promise<void> {
  const { size: total } = await selectTree(reads)
  for (let from = 0; from < total; from += PAGE) {
    const to = Math.min(total, from + PAGE)
    const records = await selectExported(reads, { from, to })
    await transaction((tx) => apply(tx, records))
    onProgress?.({ done: to, total })
  }
}

/** The rows that differ now, each table at a snapshot of its own. It writes nothing, so it does not hold up the sealer. */
async function compareAll(
  transaction: Database['transaction'],
  tables: readonly ProjectedTable[],
): Promise<readonly Doubt[]> {
  const doubts: Doubt[] = []
  for (const table of tables) {
    const differences = await transaction((tx) => compareWithCopy(tx, table, { limit: DOUBTS }), {
      statementTimeoutSeconds: LONG_SECONDS,
    })
    if (differences.length > 0) doubts.push({ table, differences })
  }
  return doubts
}

/** Looks at rows again in one snapshot with the records, and says how many are wrong. */
async function lookAgain(
  transaction: Database['transaction'],
  follower: Follower,
  doubts: readonly Doubt[],
  found: Findings,
): Promise<number> {
  const wrong = await transaction((tx) => compareExactly(tx, follower, doubts), { isolation: 'repeatable read' })
  for (const { table, difference } of wrong) found.add(whereOf(table, difference), whatOf(difference))
  for (const id of follower.waiting()) found.add(`record ${id}`, 'it needs another record, which is not in the log')
  return wrong.length
}

async function compareExactly(
  tx: Transaction,
  follower: Follower,
  doubts: readonly Doubt[],
): Promise<readonly { readonly table: ProjectedTable; readonly difference: Difference }[]> {
  await follower.catchUp(tx)
  const wrong: { table: ProjectedTable; difference: Difference }[] = []
  for (const { table, differences } of doubts) {
    const keys = differences.map(({ key }) => key)
    const still = await compareWithCopy(tx, table, { keys, limit: DOUBTS })
    wrong.push(...still.map((difference) => ({ table, difference })))
  }
  return wrong
}

function whereOf({ name }: ProjectedTable, { key }: Difference): string {
  return `${name} ${Object.entries(key)
    .map(([column, value]) => `${column} ${value}`)
    .join(', ')}`
}

function whatOf({ missing, columns }: Difference): string {
  if (missing === 'row') return 'the row that its records tell of is missing'
  if (missing === 'record') return 'no record tells of this row'
  return `its ${columns.join(', ')} ${columns.length === 1 ? 'is' : 'are'} not what its records say`
}
