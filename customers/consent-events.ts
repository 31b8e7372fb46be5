import { z } from 'zod'
import { idText, notUnderstood, parseRecordData, timeText, wholeNumber } from '../records/parse-record-data.ts'
import type { ProjectedRecord } from '../records/projector.ts'
import { type Evidence, GIVEN_STATUSES, type Limits, MOVERS, USAGES } from './consent.ts'
import type { ConsentEvent } from './fold-consents.ts'
import { readSharedTag, type SharedTag } from './granularity.ts'
import type { KeptRequest } from './store/requests.ts'
import type { KeptEvent } from './store/write-consents.ts'

/** What a record of the kind 'consent' tells: that one was asked for, was not given, or a step of one that was given. */
export type ToldConsent =
  | { readonly asked: KeptRequest }
  | { readonly unmet: KeptEvent & { readonly status: 'REJECTED' | 'LAPSED' } }
  | { readonly event: ConsentEvent }

const evidence = z.object({
  textHash: z.string().optional(),
  locale: z.string(),
  channel: z.string(),
  authentication: z
    .object({ acr: z.string().optional(), amr: z.array(z.string()).optional(), authTime: z.string().optional() })
    .optional(),
})
const place = { consent: idText('cns'), partner: idText('ptr'), purpose: z.string() }
/** Before there were other moves, the first record gave a consent and the second ended it; evidence stood in the clear. */
const step = { change: wholeNumber.optional(), by: z.enum(MOVERS).optional(), ended: timeText.optional() }
const terms = {
  tags: z.array(z.string().transform(toSharedTag)),
  expires: timeText,
  usage: z.enum(USAGES).default('RECURRING'),
  maxPerDay: wholeNumber.optional(),
  retentionDays: wholeNumber.optional(),
  notice: wholeNumber.default(0),
}
const consentData = z.union([
  z.object({
    ...place,
    ...terms,
    status: z.literal('AWAITING'),
    client: idText('cli'),
    retentionDays: wholeNumber,
    lapses: timeText,
  }),
  z.object({ ...place, status: z.literal('REJECTED') }),
  z.object({ ...place, status: z.literal('LAPSED') }),
  z.object({
    ...place,
    ...step,
    ...terms,
    status: z.literal('AUTHORISED'),
    amends: idText('cns').optional(),
    crossBorder: z.string().optional(),
    edition: wholeNumber.default(1),
  }),
  z.object({ ...place, ...step, status: z.enum(GIVEN_STATUSES) }),
])

type Data = z.output<typeof consentData>

function toSharedTag(text: string, check: z.RefinementCtx): SharedTag {
  const shared = readSharedTag(text)
  if (shared) return shared
  check.addIssue({ code: 'custom', message: 'it is no tag at a granularity' })
  return z.NEVER
}

/** Reads a record of the kind 'consent'. Throws `INVALID_INPUT` for one that no verb of this version wrote. */
export function toldBy(record: ProjectedRecord): ToldConsent {
  const data = parseRecordData(consentData, record.body)
  const at = new Date(record.body.at)
  if (data.status === 'AWAITING') return { asked: askedOf(record, data, at) }
  if (data.status === 'REJECTED' || data.status === 'LAPSED') {
    const { consent, status } = data
    const by = status === 'REJECTED' ? 'CUSTOMER' : 'CLOCK'
    return { unmet: { consent, status, change: 2, by, at, record: record.body.id } }
  }
  return { event: eventOf(record, data, at) }
}

type AskedData = Extract<Data, { readonly status: 'AWAITING' }>
type StepData = Extract<Data, { readonly ended?: unknown }>

function askedOf({ body }: ProjectedRecord, { lapses, expires, notice, ...data }: AskedData, at: Date): KeptRequest {
  const { consent: id, partner: partnerId, client: clientId, purpose, status, tags } = data
  const asked = { id, partnerId, clientId, purpose, status, tags, ...limitsOf(data), retentionDays: data.retentionDays }
  const times = { expiresAt: expires, requestedAt: at, lapsesAt: lapses, decidedAt: undefined }
  return { ...asked, ...times, noticeVersion: notice, customer: undefined, version: 1, record: body.id }
}

function eventOf({ body, owner: customer, personal }: ProjectedRecord, data: StepData, at: Date): ConsentEvent {
  if (customer === undefined) throw notUnderstood(body)
  const { consent, partner, purpose, status } = data
  const own = { customer, partner, purpose }
  const isGiven = 'tags' in data
  const change = data.change ?? (isGiven ? 1 : 2)
  const by = data.by ?? (status === 'EXPIRED' ? 'CLOCK' : 'CUSTOMER')
  const told = { step: { consent, change, status, by, at, record: body.id }, place: own, endedAt: data.ended }
  if (!isGiven) return told
  const shown = personal?.data['evidence'] ?? (personal && body.data['evidence'])
  const { tags, expires: expiresAt, notice: noticeVersion, crossBorder, amends, edition } = data
  const state = { status, version: change, endedAt: undefined, suspendedBy: undefined, record: body.id }
  const given = {
    ...own,
    ...state,
    ...limitsOf(data),
    id: consent,
    tags,
    expiresAt,
    noticeVersion,
    crossBorder,
    amends,
    edition,
    grantedAt: at,
    evidence: evidenceOf(shown),
  }
  return { ...told, given }
}

function limitsOf({ usage, maxPerDay, retentionDays }: Partial<Limits> & Pick<Limits, 'usage'>): Limits {
  return { usage, maxPerDay, retentionDays }
}

/** None is left of a customer who was erased. */
function evidenceOf(shown: unknown): Evidence | undefined {
  return shown === undefined ? undefined : evidence.parse(shown)
}
