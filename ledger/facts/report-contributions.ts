import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { contributionRecord } from './contribution-record.ts'
import { type AcceptedFact, type Admission, decideFacts } from './decide-facts.ts'
import { type FactBatch, parseBatch, standing } from './fact-batch.ts'
import { refuseFuture } from './fact-fields.ts'
import { type FactResult, isRefused, type RefusedFact, refusalOf } from './fact-result.ts'
import { noAgreement, parseContribution, type ReportedContribution } from './parse-contribution.ts'
import {
  type ContributionBackground,
  insertContributions,
  mayReport,
  selectBackgrounds,
  selectKnownContributions,
} from './store/contributions.ts'
import { takeFactLocks } from './store/fact-locks.ts'
import { withRecords } from './with-records.ts'

export type ReportContributionsInput = {
  readonly caller: PartnerCaller
  /** As they came from outside. */
  readonly items: readonly unknown[]
}

type Candidate = ReportedContribution & { readonly background: ContributionBackground }

/**
 * Stores what a partner reports, with a result for each item in its order: a refused one changes nothing and leaves the
 * others standing. The same external id with the same content has one effect, on however many processes at once; with
 * other content it is refused with `IDEMPOTENCY_CONFLICT`. A contribution counts (`CONFIRMED`) once its customer is
 * known: at once by a subject or a lead that is bound, else when the broker binds the lead.
 * Throws `FORBIDDEN` for the whole batch when the client lacks `contributions:write` or the partner may not report now,
 * and `INVALID_INPUT` for more than 10,000 items. Source: RULES §2, DESIGN invariant 4.
 */
export async function reportContributions(
  context: Context,
  { caller, items }: ReportContributionsInput,
): Promise<readonly FactResult[]> {
  if (!caller.scopes.has('contributions:write'))
    throw new Fault('FORBIDDEN', 'this needs the scope contributions:write')
  const now = context.clock.now()
  const batch = parseBatch(items, (item) => parseReported(item, now))
  return context.database.transaction((tx) => report(context, tx, caller.partner, batch))
}

function parseReported(value: unknown, now: Date): ReportedContribution {
  const reported = parseContribution(value)
  refuseFuture(reported.occurredAt, now)
  return reported
}

async function report(
  context: Context,
  tx: Transaction,
  partner: Id<'ptr'>,
  batch: FactBatch<ReportedContribution>,
): Promise<readonly FactResult[]> {
  await takeFactLocks(tx, [`partner:${partner}`])
  if (!(await mayReport(tx, partner))) throw mayNotReport()
  const reported = standing(batch)
  const known = await selectKnownContributions(
    tx,
    partner,
    reported.map(({ externalId }) => externalId),
  )
  const backgrounds = (await selectBackgrounds(tx, partner, reported)).values()
  const parts = batch.map((part): Candidate | RefusedFact =>
    isRefused(part) ? part : { ...part, background: nextOf(backgrounds) },
  )
  const { results, accepted } = decideFacts(parts, known, admit)
  await store(context, tx, partner, accepted)
  return results
}

function nextOf<T>(values: Iterator<T, undefined>): T {
  const { value } = values.next()
  invariant(value !== undefined, 'each reported contribution has a background')
  return value
}

function admit({ externalId, subject, background }: Candidate): Admission {
  const fault = faultOf(subject, background)
  return fault === undefined ? { newId: newId('ctr') } : refusalOf(fault, externalId)
}

/** An unknown subject and another partner's give the same words. */
function faultOf(subject: string | undefined, background: ContributionBackground): Fault | undefined {
  if (subject !== undefined && background.customer === undefined) {
    return new Fault('NOT_FOUND', 'you know no customer by this subject', { field: 'subject' })
  }
  if (!background.agreementStands) return noAgreement()
  if (background.assetFits) return undefined
  return new Fault('ASSET_MISMATCH', 'no programme of yours at that time is in this asset', { field: 'asset' })
}

async function store(
  context: Context,
  tx: Transaction,
  partner: Id<'ptr'>,
  accepted: readonly AcceptedFact<Candidate>[],
): Promise<void> {
  if (accepted.length === 0) return
  const contributions = accepted.map(({ id, fact: { background, ...reported } }) => {
    const { customer } = background
    return { id, reported, customer, status: customer === undefined ? ('REPORTED' as const) : ('CONFIRMED' as const) }
  })
  const records = await appendRecords(
    context,
    tx,
    contributions.map((contribution) => contributionRecord(partner, contribution)),
  )
  const rows = withRecords(contributions, records)
  if ((await insertContributions(tx, partner, rows)) !== rows.length) throw mayNotReport()
}

function mayNotReport(): Fault {
  return new Fault('FORBIDDEN', 'contributions are not taken from you now')
}
