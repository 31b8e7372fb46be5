import { z } from 'zod'
import { instant } from '../../kernel/instant.ts'
import { idText, parseRecordData, wholeNumber } from '../../records/parse-record-data.ts'
import type { ProjectedRecord } from '../../records/projector.ts'
import { CONFIRMATIONS, DECISIONS, type DecisionWord } from './confirmation.ts'
import { CONTRIBUTION_KINDS } from './contribution.ts'
import { fingerprinted } from './parse-revenue.ts'
import type { NewRequirement } from './store/confirmation-requirements.ts'
import type { DecidingFact, NewDecision } from './store/contribution-decisions.ts'

const factData = z.object({
  source: z.string(),
  externalId: z.string(),
  partnerCode: z.string(),
  contributionExternalId: z.string(),
  occurredAt: instant,
})
const decisionData = z.object({
  contribution: idText('ctr'),
  partner: idText('ptr'),
  decision: z.enum(DECISIONS),
  reason: z.string().optional(),
  /** The broker's, where it was not a person who decided. */
  fact: factData.optional(),
})

/** The decision that a record tells of. */
export function toldDecision({ body: { id, at, ...body } }: ProjectedRecord): NewDecision {
  const { fact, reason, ...told } = parseRecordData(decisionData, { id, at, ...body })
  const { decision } = told
  return { ...told, reason, fact: fact && factOf(fact, { decision, reason }), record: { id, at: new Date(at) } }
}

function factOf(
  { source, partnerCode: partner, ...fact }: z.output<typeof factData>,
  { decision, reason }: { readonly decision: DecisionWord; readonly reason: string | undefined },
): DecidingFact {
  const type = decision === 'CONFIRMED' ? 'contribution_confirmed' : 'contribution_rejected'
  return { source, report: fingerprinted({ type, partner, ...fact, reason }) }
}

const requirementData = z.object({
  partner: idText('ptr'),
  contributionKind: z.enum(CONTRIBUTION_KINDS),
  confirmation: z.enum(CONFIRMATIONS),
  version: wholeNumber,
})

/** The requirement that a record tells of. */
export function toldRequirement({ body }: ProjectedRecord): NewRequirement {
  const { contributionKind: kind, ...told } = parseRecordData(requirementData, body)
  return { ...told, kind, record: { id: body.id, at: new Date(body.at) } }
}
