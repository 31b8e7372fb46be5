import type { Context } from '../../../database/context.ts'
import { type Id, newId } from '../../../kernel/ids.ts'
import { appendRecords } from '../../../records/append-records.ts'
import type { Bundle } from '../../../records/bundles/bundle.ts'
import { logVerifier } from '../../../records/log-verifier.ts'
import { makeBundle } from '../../../records/make-bundle.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import type { TestWorld } from '../../support/database.ts'
import { appendSome, sealAll } from '../sealed-log.ts'

export const LOG = 'log.example/transparency'

/** A log that was signed three times, and a partner's record in it. */
export type SignedLog = {
  readonly record: Id<'rec'>
  readonly partner: Id<'ptr'>
  readonly key: string
  /** Checkpoints of 40, 300 and 1,000 records. The record is no. 41. */
  readonly notes: readonly [string, string, string]
}

/** Makes such a log in a database that has none. */
export async function signedLog({ context, owner }: TestWorld): Promise<SignedLog> {
  const partner = newId('ptr')
  const grow = async (count: number): Promise<string> => {
    await appendSome(context, count)
    await sealAll(context, owner)
    return (await signCheckpoint(context, { origin: LOG })).note
  }
  const first = await grow(40)
  const record = await appendOwn(context, partner)
  const notes = [first, await grow(259), await grow(700)] as const
  return { record, partner, key: (await logVerifier(context)) ?? '', notes }
}

/** Appends a record that a partner may have. */
export async function appendOwn(context: Context, partner: Id<'ptr'>): Promise<Id<'rec'>> {
  const facts = [{ kind: 'contribution', data: { quantity: 3n, note: 'café “é”' }, partner } as const]
  const [appended] = await context.database.transaction((tx) => appendRecords(context, tx, facts))
  return appended?.id ?? newId('rec')
}

/** Its bundle since the second checkpoint. */
export async function bundleOf(context: Context, { record, notes }: SignedLog): Promise<Bundle> {
  return makeBundle(context, { record, olderCheckpoint: notes[1] })
}
