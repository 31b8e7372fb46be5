import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { jurisdiction } from '../kernel/jurisdiction.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { once } from '../records/once.ts'
import type { Partner } from './partner.ts'
import { requirePartner, updateJurisdiction } from './store/partners.ts'

const setJurisdictionInput = z.strictObject({
  partner: lineOfText(60),
  jurisdiction,
  reason: lineOfText(500),
  idempotencyKey: z.string(),
})

/** The partner by id or code, where it is from now on (ISO 3166-1 alpha-2), and why: the partner can read the reason. */
export type SetJurisdictionInput = z.input<typeof setJurisdictionInput>

/**
 * Says where a partner is. Consents that do not name that place stop to count for a partner that is not here, from the next
 * statement on; customers are asked again. Throws `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE` when it is there already or
 * another change came first, and `IDEMPOTENCY_CONFLICT`.
 */
export async function setJurisdiction(context: Context, input: SetJurisdictionInput): Promise<Partner> {
  const { idempotencyKey: key, ...change } = parseWith(setJurisdictionInput, input, 'jurisdiction')
  const scope = `${context.actor}:partners.set-jurisdiction`
  await once(context, { scope, key, request: change }, async (tx) => {
    await setIn(context, tx, change)
    return null
  })
  return requirePartner(context.database.reads, change.partner)
}

type Change = Omit<z.output<typeof setJurisdictionInput>, 'idempotencyKey'>

async function setIn(context: Context, tx: Transaction, { partner: named, jurisdiction: to, reason }: Change) {
  const { id, code, jurisdiction: from } = await requirePartner(tx, named)
  if (from === to || !(await updateJurisdiction(tx, { id, from, to }))) {
    throw new Fault('WRONG_STATE', `partner ${code} is in ${to} already, or another change came first`)
  }
  const data = { event: 'JURISDICTION_SET', partner: id, from, to, reason } as const
  await appendRecords(context, tx, [{ kind: 'partner', partner: id, data }])
}
