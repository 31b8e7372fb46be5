import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import { clockAt } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId, parseId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseWith } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import type { Deletion } from './deletion.ts'
import { hasEnded, insertDeletion, isAttested, selectDeletions } from './store/deletions.ts'

const attestDeletionInput = z.strictObject({ consent: z.string().max(60), idempotencyKey: z.string() })

/** A consent of the partner's that has ended. */
export type AttestDeletionInput = z.input<typeof attestDeletionInput> & { readonly partner: Id<'ptr'> }

/**
 * Takes a partner's word that it has deleted what it read under a consent which ended: a record that stands against its name.
 * The same again changes nothing. Throws `NOT_FOUND` for a consent that is not its own or leaves nothing to delete (it
 * counts still, or goes on under another version), and `IDEMPOTENCY_CONFLICT`.
 */
export async function attestDeletion(context: Context, { partner, ...input }: AttestDeletionInput): Promise<Deletion> {
  const { idempotencyKey: key, consent: named } = parseWith(attestDeletionInput, input, 'deletion')
  const consent = parseId('cns', named)
  await once(context, { scope: `${partner}:deletions.attest`, key, request: { consent } }, async (tx) => {
    if (!(await hasEnded(tx, partner, consent))) {
      throw new Fault('NOT_FOUND', `there is no ${consent} here that has ended`, { field: 'consent' })
    }
    if (await isAttested(tx, consent)) return null
    const at = await databaseTime(tx)
    const record = newId('rec')
    // who comes second at the same moment leaves the first one's word
    if (await insertDeletion(tx, { consent, attestedAt: at, record })) {
      const data = { event: 'ATTESTED', consent, partner }
      await appendRecords({ ...context, clock: clockAt(at) }, tx, [{ kind: 'deletion', partner, data, id: record }])
    }
    return null
  })
  const [deletion] = await selectDeletions(context.database.reads, [consent])
  invariant(deletion, 'a consent that ended stays ended')
  return deletion
}
