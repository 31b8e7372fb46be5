import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { type Id, newId } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { once } from '../records/once.ts'
import type { Consent } from './consent.ts'
import { answerOf, type ConsentAnswer, consentOf } from './consent-answer.ts'
import { asGiver, type ConsentChange, consentRecord } from './consent-record.ts'
import { refuseUnfit } from './consent-rules.ts'
import { GRANULARITIES } from './granularity.ts'
import {
  type ConsentPlace,
  databaseTime,
  endConsents,
  holdCurrent,
  insertConsents,
  selectConsent,
} from './store/consents.ts'
import { type Customer, holdCustomer, requireCustomer } from './store/customers.ts'
import { keepSubjects } from './store/subjects.ts'
import { subjectRow } from './subject.ts'

const grantConsentInput = z.strictObject({
  accountKey: z.string().max(128),
  partnerCode: lineOfText(60),
  purpose: lineOfText(63),
  tags: z
    .array(z.strictObject({ key: lineOfText(63), granularity: z.enum(GRANULARITIES) }))
    .min(1, 'a consent covers at least one tag')
    .max(200)
    .refine((tags) => new Set(tags.map(({ key }) => key)).size === tags.length, 'a tag stands twice'),
  expiresAt: z.union([z.date(), z.iso.datetime({ offset: true })]).transform((at) => new Date(at)),
  evidence: z.strictObject({
    textHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'it is no SHA-256 in hexadecimal digits')
      .optional(),
    locale: lineOfText(35),
    channel: lineOfText(40),
  }),
  idempotencyKey: z.string(),
})

/** Who lets whom read what, for what and until when, and how the customer said so. */
export type GrantConsentInput = z.input<typeof grantConsentInput>
export type ParsedGrant = z.output<typeof grantConsentInput>

/**
 * Records what the signed-in customer agreed to. One that counted for the same partner and purpose is superseded in the
 * same transaction. Throws `INVALID_INPUT` (tags outside the purpose's catalogue, a granularity that the tag does not
 * allow, an expiry that is past or too far), `NOT_FOUND` (customer, partner or purpose), `WRONG_STATE` (the partner may
 * not be given consents, or none of real customers), `CONSENT_CHANGED` when another was given at the same moment, and
 * `IDEMPOTENCY_CONFLICT`.
 */
export async function grantConsent(context: Context, input: GrantConsentInput): Promise<Consent> {
  const { idempotencyKey, ...grant } = parseWith(grantConsentInput, input, 'consent')
  const customer = await requireCustomer(context.database.reads, grant.accountKey)
  const { accountKey: _, expiresAt, ...rest } = grant
  const request = { ...rest, expiresAt: expiresAt.toISOString() }
  const { answer } = await once<ConsentAnswer>(
    context,
    { scope: `${customer.id}:consents.grant`, key: idempotencyKey, request },
    async (tx) => answerOf(await grantIn(context, tx, customer, grant)),
  )
  return consentOf(answer)
}

type Grant = Omit<ParsedGrant, 'idempotencyKey' | 'accountKey'>

async function grantIn(context: Context, tx: Transaction, customer: Customer, grant: Grant): Promise<Consent> {
  await holdCustomer(tx, customer.id, 'key share')
  const { partner } = await refuseUnfit(tx, customer, grant)
  const id = newId('cns')
  const { purpose, tags, expiresAt, evidence } = grant
  const place = { customer: customer.id, partner, purpose }
  const current = await holdCurrent(tx, place)
  // the records say what the rows say, so both have the database's time, read once the place is held
  const grantedAt = await databaseTime(tx)
  const acting = { ...context, clock: clockAt(grantedAt) }
  await keepSubjects(tx, [subjectRow(context, place, grantedAt)])
  if (current) await supersede(acting, tx, { ...place, ...current, at: grantedAt })
  const granted = { tags, expiresAt, evidence }
  const status = 'AUTHORISED'
  const record = await append(acting, tx, { ...place, consent: id, status, granted })
  await insertConsents(tx, [{ ...place, ...granted, id, status, grantedAt, endedAt: undefined, version: 1, record }])
  return selectConsent(tx, customer.id, id)
}

/** Two that supersede at once: the second waited for the place, found nothing left, and is refused by the unique index. */
async function supersede(
  context: Context,
  tx: Transaction,
  {
    id,
    expired,
    at,
    ...place
  }: ConsentPlace & { readonly id: Id<'cns'>; readonly expired: boolean; readonly at: Date },
): Promise<void> {
  const status = expired ? 'EXPIRED' : 'SUPERSEDED'
  const record = await append(context, tx, { ...place, consent: id, status })
  await endConsents(tx, [{ id, status, at, record }])
}

async function append(context: Context, tx: Transaction, change: ConsentChange): Promise<Id<'rec'>> {
  const [record] = await appendRecords(asGiver(context, change.consent), tx, [consentRecord(change)])
  invariant(record, 'a record that was appended has an id')
  return record.id
}
