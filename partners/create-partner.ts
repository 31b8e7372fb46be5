import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { newId } from '../kernel/ids.ts'
import { HOME_JURISDICTION, jurisdiction } from '../kernel/jurisdiction.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { PARTNER_CODE, PARTNER_KINDS, type Partner } from './partner.ts'
import { insertPartner } from './store/partners.ts'

const createPartnerInput = z.strictObject({
  code: z.string().regex(PARTNER_CODE, 'a code has 2 to 40 of a-z, 0-9 and -, and begins with a letter'),
  name: lineOfText(200),
  kind: z.enum(PARTNER_KINDS),
  synthetic: z.boolean().default(false),
  jurisdiction: jurisdiction.default(HOME_JURISDICTION),
})

export type CreatePartnerInput = z.input<typeof createPartnerInput>

/**
 * Takes in a partner, in the sandbox: it works there with synthetic customers until it goes live.
 * Throws `INVALID_INPUT`, and `DUPLICATE` when the code is taken.
 */
export async function createPartner(context: Context, input: CreatePartnerInput): Promise<Partner> {
  const details = parseWith(createPartnerInput, input, 'partner')
  const createdAt = context.clock.now()
  const partner: Partner = { id: newId('ptr'), ...details, status: 'SANDBOX', createdAt }
  await context.database.transaction((tx) => insertCreated(context, tx, partner))
  return partner
}

/** Writes a new partner in the caller's transaction, with its record. Throws `DUPLICATE` when the code is taken. */
export async function insertCreated(context: Context, tx: Transaction, partner: Partner): Promise<void> {
  const { id, createdAt, code, name, kind, synthetic, jurisdiction: place, status } = partner
  const details = { code, name, kind, synthetic, jurisdiction: place }
  await insertPartner(tx, partner)
  await appendRecords({ ...context, clock: clockAt(createdAt) }, tx, [
    { kind: 'partner', partner: id, data: { event: 'CREATED', partner: id, ...details, status } },
  ])
}
