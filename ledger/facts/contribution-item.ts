import { z } from 'zod'
import { lineOfText } from '../../kernel/parse.ts'
import { assetText } from '../agreements/asset-text.ts'
import { CONTRIBUTION_KINDS } from './contribution.ts'
import { amountFields, count, externalId, keyText, label, occurredAt, optional } from './fact-fields.ts'

/** One contribution as a partner reports it; which fields go with which kind is told by `FIELDS_OF_KIND`. */
export const contributionItem = z.strictObject({
  externalId: externalId.describe('The partner’s own key: the same again has one effect.'),
  kind: z.enum(CONTRIBUTION_KINDS).describe('What was done.'),
  subject: optional(keyText(200)).describe('Pseudonym of the customer.'),
  lead: optional(keyText(200)).describe('The partner’s own reference, where there is no subject.'),
  occurredAt: occurredAt.describe('When it was done, RFC 3339 with its offset.'),
  quantity: optional(count).describe('How many, or how much of a course is done; 1 when absent.'),
  campaign: optional(label).describe('The campaign.'),
  market: optional(label).describe('The market.'),
  product: optional(z.strictObject({ source: keyText(100), externalId })).describe('The product that it was about.'),
  agreement: optional(z.string().max(60)).describe('The agreement that it falls under, where there are several.'),
  course: optional(keyText(200)).describe('Key of the course.'),
  units: optional(count).describe('Units of the course in all.'),
  unit: optional(lineOfText(40)).describe('What traffic is counted in.'),
  score: optional(count).describe('How well a service went.'),
  referrer: optional(keyText(200)).describe('Pseudonym of the customer who referred.'),
  asset: optional(assetText).describe('Asset of the course’s price, the service’s fee, or what else it was worth.'),
  ...amountFields,
})

/** A contribution whose fields are each what they should be. */
export type ContributionItem = z.output<typeof contributionItem>
