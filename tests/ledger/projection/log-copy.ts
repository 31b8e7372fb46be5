import type { Pool, Transaction } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import { openRecords, projectRecords } from '../../../records/project-records.ts'
import type { ProjectedRecord, Projector } from '../../../records/projector.ts'
import { readBody } from '../../../records/record-body.ts'
import { compareWithCopy, type Difference, makeCopies } from '../../../records/store/projections.ts'

/** A row that differs, and in which table. */
export type Found = Difference & { readonly table: string }

export type Projected = { readonly differences: readonly Found[]; readonly waiting: readonly string[] }

/** The records of these kinds in the order of the log. */
export async function recordsOf(
  context: Context,
  owner: Pool,
  projectors: readonly Projector[],
): Promise<readonly ProjectedRecord[]> {
  const kinds = projectors.flatMap((projector) => projector.kinds)
  const rows = await owner<{ body: string }[]>`
    select body from records where kind = any(${kinds}) order by tx_id, id`
  return openRecords(
    context,
    context.database.reads,
    rows.map(({ body }) => readBody(body)),
  )
}

/** Projects records, batch by batch, into empty copies of the tables, and compares these with the tables. */
export async function projectIntoCopies(
  context: Context,
  projectors: readonly Projector[],
  batches: readonly (readonly ProjectedRecord[])[],
): Promise<Projected> {
  const tables = projectors.flatMap((projector) => projector.tables)
  return context.database.aside(async (transaction) => {
    await transaction((tx) => makeCopies(tx, tables))
    let waiting: readonly ProjectedRecord[] = []
    for (const batch of batches) {
      waiting = await transaction((tx) => projectRecords(context, tx, projectors, [...waiting, ...batch]))
    }
    const differences: Found[] = []
    for (const table of tables) {
      const found = await transaction((tx: Transaction) => compareWithCopy(tx, table, { limit: 10 }))
      differences.push(...found.map((one) => ({ ...one, table: table.name })))
    }
    return { differences, waiting: waiting.map(({ body }) => `${body.kind} ${body.id}`) }
  })
}
