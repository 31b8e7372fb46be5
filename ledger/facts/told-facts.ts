import { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { instant } from '../../kernel/instant.ts'
import { parseWith } from '../../kernel/parse.ts'
import type { AppendedRecord } from '../../records/append-records.ts'
import { idText, parseRecordData } from '../../records/parse-record-data.ts'
import type { ProjectedRecord } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { assetText } from '../agreements/asset-text.ts'
import { REVENUE_BASES } from '../agreements/terms.ts'
import { minorText } from '../minor-text.ts'
import { CONFIRMATIONS } from './confirmation.ts'
import { CONTRIBUTION_KINDS } from './contribution.ts'
import { withFingerprint } from './parse-contribution.ts'
import { fingerprinted, type LeadBound } from './parse-revenue.ts'
import type { ContributionReferrer, ToldContribution } from './store/contributions.ts'
import { ERASED_FINGERPRINT, erasedLead } from './store/erased-facts.ts'
import type { NewLeadBinding } from './store/lead-bindings.ts'
import type { NewRevenueEvent } from './store/revenue-events.ts'

const product = z.object({ source: z.string(), externalId: z.string() }).optional()

const contributionData = z.object({
  contribution: idText('ctr'),
  partner: idText('ptr'),
  externalId: z.string(),
  kind: z.enum(CONTRIBUTION_KINDS),
  status: z.enum(['REPORTED', 'CONFIRMED', 'REJECTED']),
  confirmation: z.enum(CONFIRMATIONS).default('NONE'),
  agreement: idText('agr').optional(),
  occurredAt: instant,
  quantity: minorText,
  value: z.object({ asset: assetText, minor: minorText }).optional(),
  campaign: z.string().optional(),
  market: z.string().optional(),
  product,
  course: z.string().optional(),
  units: minorText.optional(),
  unit: z.string().optional(),
  score: minorText.optional(),
  /** In the open while nobody knew whose it is. */
  lead: z.string().optional(),
})
const personalName = z.object({ subject: z.string().optional(), lead: z.string().optional() })

/** The contribution that a record tells of. */
export function toldContribution({ body, personal, owner }: ProjectedRecord): ToldContribution {
  const { contribution: id, partner, status, confirmation, lead, ...content } = parseRecordData(contributionData, body)
  const about = {
    ...content,
    agreement: content.agreement,
    campaign: content.campaign,
    market: content.market,
    product: content.product,
    value: content.value,
    course: content.course,
    units: content.units,
    unit: content.unit,
    score: content.score,
    subject: undefined,
    lead: undefined,
  }
  const reported = isErased({ owner, personal })
    ? { ...about, fingerprint: ERASED_FINGERPRINT }
    : withFingerprint({ ...about, ...(personal ? parseWith(personalName, personal.data, 'personal') : { lead }) })
  return { id, partner, reported, customer: owner, confirmation, status, record: recordOf(body) }
}

const referrerData = z.object({ contribution: idText('ctr'), partner: idText('ptr') })

/** Who referred a contribution's customer, as a record tells. */
export function toldReferrer({ body, owner }: ProjectedRecord): ContributionReferrer {
  const { contribution } = parseRecordData(referrerData, body)
  return { contribution, customer: whose(body, owner) }
}

const bindingData = z.object({
  leadBinding: idText('led'),
  partner: idText('ptr'),
  partnerCode: z.string(),
  source: z.string(),
  externalId: z.string(),
  occurredAt: instant,
  confirms: z.array(idText('ctr')),
})
const personalLead = z.object({ accountKey: z.string(), lead: z.string() })

/** The binding of a lead that a record tells of. */
export function toldBinding({ body, personal, owner }: ProjectedRecord): NewLeadBinding {
  const data = parseRecordData(bindingData, body)
  const { leadBinding: id, partner, partnerCode, source, externalId, occurredAt, confirms } = data
  const about = { externalId, occurredAt }
  const report = isErased({ owner, personal })
    ? { ...about, lead: erasedLead(id), fingerprint: ERASED_FINGERPRINT }
    : fingerprintedBinding({ ...about, partner: partnerCode }, parseWith(personalLead, personal?.data, 'personal'))
  return { id, source, report, partner, customer: whose(body, owner), confirms, record: recordOf(body) }
}

const revenueData = z.object({
  revenueEvent: idText('rev'),
  source: z.string(),
  externalId: z.string(),
  base: z.enum(REVENUE_BASES),
  asset: assetText,
  minor: minorText,
  occurredAt: instant,
  product,
  category: z.string().optional(),
  /** The category was not reported: it is the product's. */
  categoryFrom: z.literal('PRODUCT').optional(),
  market: z.string().optional(),
  refundOf: z.string().optional(),
})
const personalAccount = z.object({ accountKey: z.string() })

/** The revenue event that a record tells of. */
export function toldRevenue({ body, personal, owner }: ProjectedRecord): NewRevenueEvent {
  const data = parseRecordData(revenueData, body)
  const { revenueEvent: id, source, category, categoryFrom, ...content } = data
  const about = {
    ...content,
    type: 'revenue' as const,
    category: categoryFrom === undefined ? category : undefined,
    product: content.product,
    market: content.market,
    refundOf: content.refundOf,
  }
  const report = isErased({ owner, personal })
    ? { ...about, fingerprint: ERASED_FINGERPRINT }
    : fingerprinted({ ...about, customer: parseWith(personalAccount, personal?.data, 'personal').accountKey })
  return { id, source, report, customer: whose(body, owner), category, record: recordOf(body) }
}

function fingerprintedBinding(
  about: Pick<LeadBound, 'externalId' | 'occurredAt' | 'partner'>,
  { accountKey, lead }: z.output<typeof personalLead>,
): NewLeadBinding['report'] {
  return fingerprinted({ type: 'lead_bound', ...about, lead, customer: accountKey })
}

/** Whose the fact is is known, but by what name nobody can read any more. */
export function isErased({ owner, personal }: Pick<ProjectedRecord, 'owner' | 'personal'>): boolean {
  return owner !== undefined && personal === undefined
}

function whose({ id, kind }: RecordBody, owner: Id<'cus'> | undefined): Id<'cus'> {
  if (owner !== undefined) return owner
  throw new Fault('INVALID_INPUT', `record ${id} of kind ${kind} is about nobody`)
}

function recordOf({ id, at }: RecordBody): AppendedRecord {
  return { id, at: new Date(at) }
}
