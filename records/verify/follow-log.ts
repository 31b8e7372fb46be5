import { savepoint, type Transaction } from '../../database/client.ts'
import { violatedConstraint } from '../../database/constraint-faults.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { openRecords, projectRecords } from '../project-records.ts'
import type { ProjectedRecord, Projector } from '../projector.ts'
import { type RecordBody, readBody } from '../record-body.ts'
import { type OrderedRecord, selectOrdered } from '../store/projections.ts'
import type { Findings } from './findings.ts'

/** Writes the log into copies of the tables, further with each call. */
export type Follower = {
  /** Applies records that are sealed, in their order; none of them is met again. */
  readonly apply: (tx: Transaction, records: readonly OrderedRecord[]) => Promise<void>
  /** Applies all records behind those that the transaction sees, sealed or not, each once. */
  readonly catchUp: (tx: Transaction) => Promise<void>
  /** Records that still wait for another one. */
  readonly waiting: () => readonly Id<'rec'>[]
}

const PAGE = 2000

/** Begins before the first record. Records that cannot be written are findings. */
export function followLog(context: Context, projectors: readonly Projector[], found: Findings): Follower {
  let behind: Pick<OrderedRecord, 'id' | 'tx'> = { tx: '0', id: 'rec_00000000000000000000000000000000' }
  let waiting: readonly ProjectedRecord[] = []
  const met = new Set<string>()

  const write = async (tx: Transaction, records: readonly OrderedRecord[]): Promise<void> => {
    const due = [...waiting, ...(await openAll(context, tx, records.flatMap(bodyOf), found))]
    waiting = await projectSafely(context, tx, projectors, due, found)
  }
  return {
    apply: async (tx, records) => {
      await write(tx, records)
      behind = records.at(-1) ?? behind
    },
    catchUp: async (tx) => {
      let page = await selectOrdered(tx, { behind, limit: PAGE })
      while (page.length > 0) {
        await write(
          tx,
          page.filter(({ id }) => !met.has(id)),
        )
        for (const { id } of page) met.add(id)
        const last = page.at(-1)
        page = last === undefined ? [] : await selectOrdered(tx, { behind: last, limit: PAGE })
      }
    },
    waiting: () => waiting.map(({ body }) => body.id),
  }
}

/** A body that is none is found where records are hashed again. */
function bodyOf({ body }: OrderedRecord): readonly RecordBody[] {
  try {
    return [readBody(body)]
  } catch {
    return []
  }
}

async function openAll(
  context: Context,
  tx: Transaction,
  bodies: readonly RecordBody[],
  found: Findings,
): Promise<readonly ProjectedRecord[]> {
  try {
    return await openRecords(context, tx, bodies)
  } catch (error) {
    if (!isCryptographic(error)) throw error
    const opened: ProjectedRecord[] = []
    for (const body of bodies) {
      try {
        opened.push(...(await openRecords(context, tx, [body])))
      } catch (reason) {
        if (!isCryptographic(reason)) throw reason
        found.add(`record ${body.id}`, 'what is personal in it was not written for it')
      }
    }
    return opened
  }
}

/** Node's errors of OpenSSL are told by what they say alone. */
function isCryptographic(error: unknown): boolean {
  return error instanceof Error && /unable to authenticate|authentication tag|Invalid/.test(error.message)
}

/** When records cannot be written together, those that can be are written one by one. */
async function projectSafely(
  context: Context,
  tx: Transaction,
  projectors: readonly Projector[],
  records: readonly ProjectedRecord[],
  found: Findings,
): Promise<readonly ProjectedRecord[]> {
  let waiting: readonly ProjectedRecord[] = []
  try {
    await savepoint(tx, async (inner) => {
      waiting = await projectRecords(context, inner, projectors, records)
    })
    return waiting
  } catch (error) {
    const problem = problemOf(error)
    const [only] = records
    if (problem === undefined || only === undefined) throw error
    if (records.length > 1) {
      const left: ProjectedRecord[] = []
      for (const record of records) left.push(...(await projectSafely(context, tx, projectors, [record], found)))
      return left
    }
    found.add(`record ${only.body.id}`, `its row cannot be written: ${problem}`)
    return []
  }
}

function problemOf(error: unknown): string | undefined {
  if (error instanceof Fault && error.kind === 'invalid') return error.message
  const constraint = violatedConstraint(error)
  return constraint === undefined ? undefined : `it goes against ${constraint}`
}
