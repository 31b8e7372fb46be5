import { z } from 'zod'
import { invariant } from '../../kernel/invariant.ts'
import { parseWith } from '../../kernel/parse.ts'
import type { AppendedRecord } from '../../records/append-records.ts'
import { idText, parseRecordData } from '../../records/parse-record-data.ts'
import type { ProjectedRecord } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { assetText } from '../agreements/asset-text.ts'
import { instant } from '../agreements/instant.ts'
import { REVENUE_BASES } from '../agreements/terms.ts'
import { CONTRIBUTION_KINDS } from './contribution.ts'
import { withFingerprint } from './parse-contribution.ts'
import { fingerprinted } from './parse-revenue.ts'
import type { ToldContribution } from './store/contributions.ts'
import type { NewLeadBinding } from './store/lead-bindings.ts'
import type { NewRevenueEvent } from './store/revenue-events.ts'

const minorUnits = z
  .string()
  .regex(/^-?[0-9]{1,38}$/)
  .transform((text) => BigInt(text))
const product = z.object({ source: z.string(), externalId: z.string() }).optional()

const contributionData = z.object({
  contribution: idText('ctr'),
  partner: idText('ptr'),
  externalId: z.string(),
  kind: z.enum(CONTRIBUTION_KINDS),
  status: z.enum(['REPORTED', 'CONFIRMED', 'REJECTED']),
  agreement: idText('agr').optional(),
  occurredAt: instant,
  quantity: minorUnits,
  value: z.object({ asset: assetText, minor: minorUnits }).optional(),
  campaign: z.string().optional(),
  market: z.string().optional(),
  product,
  /** In the open while nobody knew whose it is. */
  lead: z.string().optional(),
})
const personalName = z.object({ subject: z.string().optional(), lead: z.string().optional() })

/** The contribution that a record tells of. */
export function toldContribution({ body, personal, owner }: ProjectedRecord): ToldContribution {
  const { contribution: id, partner, status, lead, ...content } = parseRecordData(contributionData, body)
  const name = owner === undefined ? { lead } : parseWith(personalName, personal?.data, 'personal')
  const reported = withFingerprint({
    ...content,
    agreement: content.agreement,
    campaign: content.campaign,
    market: content.market,
    product: content.product,
    value: content.value,
    subject: undefined,
    lead: undefined,
    ...name,
  })
  return { id, partner, reported, customer: owner, status, record: recordOf(body) }
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
  const { accountKey, lead } = parseWith(personalLead, personal?.data, 'personal')
  invariant(owner, 'a binding is about a customer')
  const names = { externalId, partner: partnerCode, lead, customer: accountKey }
  const report = fingerprinted({ type: 'lead_bound', ...names, occurredAt })
  return { id, source, report, partner, customer: owner, confirms, record: recordOf(body) }
}

const revenueData = z.object({
  revenueEvent: idText('rev'),
  source: z.string(),
  externalId: z.string(),
  base: z.enum(REVENUE_BASES),
  asset: assetText,
  minor: minorUnits,
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
  const { accountKey } = parseWith(personalAccount, personal?.data, 'personal')
  invariant(owner, 'a revenue event is about a customer')
  const report = fingerprinted({
    ...content,
    type: 'revenue',
    customer: accountKey,
    category: categoryFrom === undefined ? category : undefined,
    product: content.product,
    market: content.market,
    refundOf: content.refundOf,
  })
  return { id, source, report, customer: owner, category, record: recordOf(body) }
}

function recordOf({ id, at }: RecordBody): AppendedRecord {
  return { id, at: new Date(at) }
}
