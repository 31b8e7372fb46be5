import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import { clockAt } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { addDays } from '../../kernel/month.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { selectRecipient } from '../store/recipients.ts'
import { subjectOf } from '../subject.ts'
import {
  countToRename,
  holdToRename,
  insertGeneration,
  renameSubjects,
  type SubjectGeneration,
  seizeGeneration,
  selectOverlapEnd,
} from './store/rotations.ts'

const LONGEST_OVERLAP_DAYS = 365
const BATCH_CUSTOMERS = 1000

const rotateSubjectsInput = z.strictObject({
  partner: z.string().max(60),
  reason: lineOfText(300),
  overlapDays: z.int().min(0).max(LONGEST_OVERLAP_DAYS).default(30),
  idempotencyKey: z.string(),
})

/** Whose customers, by code or id; why; for how many days the partner may still use the former names. */
export type RotateSubjectsInput = z.input<typeof rotateSubjectsInput>

/** What a rotation came to. */
export type RotatedSubjects = {
  readonly partner: Id<'ptr'>
  readonly generation: number
  readonly customers: number
  readonly overlapEndsAt: Date
}

/** How far the renaming is. */
type OnProgress = (progress: { readonly done: number; readonly total: number }) => void

/**
 * Gives all customers of a partner new names, since the old ones went where they should not be. From the beginning on new
 * names alone are made; those that are there are replaced batch by batch, while reads go on. The former ones are
 * understood until the overlap ends, and look unknown then. One that was broken off is finished by the next, whoever's it is.
 * Throws `FORBIDDEN` unless a member of the staff acts, `INVALID_INPUT`, `NOT_FOUND` and `IDEMPOTENCY_CONFLICT`.
 * Source: ADR 0040.
 */
export async function rotateSubjects(
  context: Context,
  input: RotateSubjectsInput,
  onProgress: OnProgress = () => {},
): Promise<RotatedSubjects> {
  const actor = requireStaff(context)
  const { idempotencyKey: key, partner: named, ...request } = parseWith(rotateSubjectsInput, input, 'rotation')
  const { reads } = context.database
  const recipient = await selectRecipient(reads, isId('ptr', named) ? { id: named } : { code: named })
  if (recipient === undefined) throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'partner' })
  const { partner } = recipient
  const asked = { ...request, overlapDays: BigInt(request.overlapDays), partner }
  const { answer: generation } = await once(context, { scope: `${actor}:subjects.rotate`, key, request: asked }, (tx) =>
    begin(context, tx, { partner, ...request }),
  )
  const overlapEndsAt = await selectOverlapEnd(reads, partner, generation)
  invariant(overlapEndsAt, 'a generation that was begun is there')
  await rename(context, { partner, generation, overlapEndsAt }, onProgress)
  const { all } = await countToRename(reads, partner, generation)
  return { partner, generation, customers: all, overlapEndsAt }
}

/** Begins the next generation, or goes on with one that is not finished. */
async function begin(
  context: Context,
  tx: Transaction,
  {
    partner,
    reason,
    overlapDays,
  }: { readonly partner: Id<'ptr'>; readonly reason: string; readonly overlapDays: number },
): Promise<number> {
  const current = await seizeGeneration(tx, partner)
  const { left } = await countToRename(tx, partner, current)
  if (left > 0) return current
  const begunAt = await databaseTime(tx)
  const overlapEndsAt = addDays(begunAt, overlapDays)
  const generation = current + 1
  const data = {
    event: 'BEGUN',
    partner,
    generation: BigInt(generation),
    overlapEnds: overlapEndsAt.toISOString(),
    reason,
  }
  const [record] = await appendRecords({ ...context, clock: clockAt(begunAt) }, tx, [
    { kind: 'subject_rotation', partner, data },
  ])
  invariant(record, 'a record was appended')
  await insertGeneration(tx, { partner, generation, begunAt, overlapEndsAt, record: record.id })
  return generation
}

async function rename(
  context: Context,
  rotation: Pick<SubjectGeneration, 'partner' | 'generation' | 'overlapEndsAt'>,
  onProgress: OnProgress,
): Promise<void> {
  for (;;) {
    const renamed = await context.database.transaction((tx) => renameBatch(context, tx, rotation, BATCH_CUSTOMERS))
    const { left, all } = await countToRename(context.database.reads, rotation.partner, rotation.generation)
    onProgress({ done: all - left, total: all })
    if (left === 0) return
    // the rest is held by somebody who renames as well
    if (renamed === 0) await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Renames up to so many; says how many. */
export async function renameBatch(
  { keyring }: Pick<Context, 'keyring'>,
  tx: Transaction,
  rotation: Pick<SubjectGeneration, 'partner' | 'generation' | 'overlapEndsAt'>,
  most: number,
): Promise<number> {
  const customers = await holdToRename(tx, rotation, most)
  const { partner, generation } = rotation
  await renameSubjects(
    tx,
    rotation,
    customers.map((customer) => ({ customer, subject: subjectOf(keyring, { partner, customer, generation }) })),
  )
  return customers.length
}
