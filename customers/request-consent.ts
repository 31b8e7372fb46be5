import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { type Id, isId, newId } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { once } from '../records/once.ts'
import { crossBorder, idempotencyKey, instant, limits, noticeVersion, purposeKey, sharedTags } from './consent-input.ts'
import { requestRecord } from './consent-record.ts'
import { type ConsentRequest, REQUEST_SECONDS } from './consent-request.ts'
import { noticeInForce, refuseUnfit } from './consent-rules.ts'
import { refuseUnpermitted } from './refuse-unpermitted.ts'
import { selectCurrentNotice } from './store/notices.ts'
import { insertRequests, selectRequestTo } from './store/requests.ts'
import { insertEvents } from './store/write-consents.ts'

const requestConsentInput = z.strictObject({
  partner: z.string().refine((text): text is Id<'ptr'> => isId('ptr', text), 'it is no id of a partner'),
  client: z.string().refine((text): text is Id<'cli'> => isId('cli', text), 'it is no id of a client'),
  purpose: purposeKey,
  tags: sharedTags,
  expiresAt: instant,
  ...limits,
  usage: limits.usage.unwrap(),
  retentionDays: limits.retentionDays.unwrap(),
  noticeVersion: noticeVersion.optional(),
  crossBorder,
  lapseSeconds: z.int().min(30).max(86_400).default(REQUEST_SECONDS),
  idempotencyKey,
})

/** Who asks for what, how often and how long it is kept, and for how long the customer may answer (10 minutes). */
export type RequestConsentInput = z.input<typeof requestConsentInput>
type ParsedRequest = z.output<typeof requestConsentInput>

/**
 * Records what a partner asks of a customer whom it cannot name yet: AWAITING, until the customer answers or it lapses. The
 * notice is the one in force unless a version is named. Throws `INVALID_INPUT` for what may not be asked, `NOT_FOUND`
 * (partner or purpose), `WRONG_STATE` (the partner may not be given consents), `NOTICE_CHANGED`, and `IDEMPOTENCY_CONFLICT`.
 * Source: RFC 9396 for the form of it at the authorization server.
 */
export async function requestConsent(context: Context, input: RequestConsentInput): Promise<ConsentRequest> {
  const { idempotencyKey: key, ...asked } = parseWith(requestConsentInput, input, 'request')
  const { expiresAt, maxPerDay, retentionDays, noticeVersion: notice, lapseSeconds, ...rest } = asked
  const counts = [maxPerDay, retentionDays, notice, lapseSeconds].map((n) => (n === undefined ? null : BigInt(n)))
  const { answer } = await once<{ readonly request: Id<'cns'> }>(
    context,
    {
      scope: `${asked.partner}:consents.request`,
      key,
      request: { ...rest, expiresAt: expiresAt.toISOString(), counts },
    },
    async (tx) => ({ request: await requestIn(context, tx, asked) }),
  )
  const request = await selectRequestTo(context.database.reads, answer.request, asked.partner)
  invariant(request, 'a request that was recorded is there')
  return request
}

async function requestIn(
  context: Context,
  tx: Transaction,
  {
    partner,
    client,
    lapseSeconds,
    noticeVersion: named,
    maxPerDay,
    crossBorder: said,
    ...asked
  }: Omit<ParsedRequest, 'idempotencyKey'>,
): Promise<Id<'cns'>> {
  const { now: requestedAt } = await refuseUnfit(tx, {
    ...asked,
    maxPerDay,
    crossBorder: said,
    recipient: { id: partner },
  })
  await refuseUnpermitted(tx, { partner, ...asked })
  const shown = named ?? (await selectCurrentNotice(tx, asked.purpose))?.version
  const request: ConsentRequest = {
    ...asked,
    maxPerDay,
    id: newId('cns'),
    partnerId: partner,
    clientId: client,
    status: 'AWAITING',
    noticeVersion: await noticeInForce(tx, asked.purpose, shown),
    requestedAt,
    lapsesAt: new Date(requestedAt.getTime() + lapseSeconds * 1000),
    decidedAt: undefined,
  }
  const [record] = await appendRecords({ ...context, clock: clockAt(requestedAt) }, tx, [requestRecord(request)])
  invariant(record, 'a record that was appended has an id')
  await insertRequests(tx, [{ ...request, customer: undefined, version: 1, record: record.id }])
  const step = { consent: request.id, change: 1, status: 'AWAITING', by: 'PARTNER' } as const
  await insertEvents(tx, [{ ...step, at: requestedAt, record: record.id }])
  return request.id
}
