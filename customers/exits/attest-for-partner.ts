import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { databaseTime } from '../../database/database-time.ts'
import { clockAt } from '../../kernel/clock.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { insertDeletion } from '../deletions/store/deletions.ts'
import { selectUnattested } from './store/exits.ts'

/** Deletions that one transaction takes. */
const MOST_AT_ONCE = 500

const attestForPartnerInput = z.strictObject({
  /** The paper in which the partner says it, by its SHA-256; it stays with the broker. */
  paper: z.strictObject({
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'it is 64 hexadecimal digits, lower case'),
    name: lineOfText(200),
  }),
})

export type AttestForPartnerInput = z.input<typeof attestForPartnerInput> & { readonly partner: Id<'ptr'> }

/**
 * Enters what a partner says on paper: that it has deleted all that it read under consents which have ended by now. A record for
 * each, with the paper's hash and who entered it; what was attested stays as it was, so that the same again changes nothing.
 * Returns how many were open. Throws `INVALID_INPUT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function attestForPartner(
  context: Context,
  { partner, ...input }: AttestForPartnerInput,
  onProgress: (attested: number) => void = () => {},
): Promise<number> {
  requireStaff(context)
  const { paper } = parseWith(attestForPartnerInput, input, 'attestation')
  let attested = 0
  for (;;) {
    const some = await context.database.transaction((tx) => attestSome(context, tx, { partner, paper }))
    if (some === 0) return attested
    attested += some
    onProgress(attested)
  }
}

async function attestSome(
  context: Context,
  tx: Transaction,
  {
    partner,
    paper,
  }: { readonly partner: Id<'ptr'>; readonly paper: { readonly sha256: string; readonly name: string } },
): Promise<number> {
  const open = await selectUnattested(tx, partner, MOST_AT_ONCE)
  const at = await databaseTime(tx)
  const kept: { readonly consent: Id<'cns'>; readonly record: Id<'rec'> }[] = []
  for (const consent of open) {
    const record = newId('rec')
    if (await insertDeletion(tx, { consent, attestedAt: at, record })) kept.push({ consent, record })
  }
  await appendRecords(
    { ...context, clock: clockAt(at) },
    tx,
    kept.map(({ consent, record: id }) => ({
      ...{ kind: 'deletion', partner, id },
      data: { event: 'ATTESTED', consent, partner, paper },
    })),
  )
  return open.length
}
