import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId, uuidOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseWith } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { insertCreated } from '../create-partner.ts'
import { hashOf } from './request-application.ts'
import { type AskedApplication, holdRequest, insertApplication, settleRequest } from './store/applications.ts'

const confirmApplicationInput = z.strictObject({ token: z.string().regex(/^[\w-]{43}$/, 'it is what the link holds') })

/**
 * Makes a partner of an application, in `APPLIED`, under a code of our choice; the same link again names the same partner.
 * Throws `INVALID_INPUT`, and `NOT_FOUND` for a link that is unknown or over.
 */
export async function confirmApplication(
  context: Context,
  input: unknown,
): Promise<{ readonly application: Id<'app'> }> {
  const { token } = parseWith(confirmApplicationInput, input, 'confirmation')
  return context.database.transaction(async (tx) => {
    const asked = await holdRequest(tx, hashOf(token))
    if (asked === undefined)
      throw new Fault('NOT_FOUND', 'this link is unknown, or its time is over', { field: 'token' })
    if (!asked.confirmed) await confirmIn(context, tx, asked)
    return { application: asked.id }
  })
}

async function confirmIn(context: Context, tx: Transaction, { id, details }: AskedApplication): Promise<void> {
  const { about: _, ...said } = details
  const partner = newId('ptr')
  const created = {
    ...said,
    code: codeOf(said.name, partner),
    synthetic: false,
    status: 'APPLIED',
    id: partner,
  } as const
  await insertCreated(context, tx, { ...created, createdAt: context.clock.now() })
  const data = { event: 'RECEIVED', application: id, partner }
  const [record] = await appendRecords(context, tx, [{ kind: 'application', partner, data }])
  invariant(record, 'a record was appended')
  await insertApplication(tx, { id, partner, receivedAt: record.at, record: record.id })
  await settleRequest(tx, id, partner)
}

/** What a name has of a code, and enough of the id that no two meet. */
function codeOf(name: string, partner: Id<'ptr'>): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  return `${(words || 'applicant').slice(0, 27)}-${uuidOf(partner).slice(-12)}`
}
