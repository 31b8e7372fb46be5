import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords, type NewRecord } from '../../records/append-records.ts'
import { admitContributions, type Candidate } from './admit-contributions.ts'
import type { Confirmation } from './confirmation.ts'
import type { ContributionKind, ContributionStatus } from './contribution.ts'
import { contributionRecord, referrerRecord } from './contribution-record.ts'
import { type AcceptedFact, decideFacts } from './decide-facts.ts'
import { type FactBatch, parseBatch, standing } from './fact-batch.ts'
import { refuseFuture } from './fact-fields.ts'
import { type FactResult, isRefused } from './fact-result.ts'
import { fingerprintWith } from './fingerprint-with.ts'
import { type ParsedContribution, parseContribution, type ReportedContribution } from './parse-contribution.ts'
import { selectRequirements } from './store/confirmation-requirements.ts'
import { type ContributionBackground, selectBackgrounds } from './store/contribution-backgrounds.ts'
import { insertContributions, mayReport, selectKnownContributions } from './store/contributions.ts'
import { takeFactLocks } from './store/fact-locks.ts'
import { refuseTagUses } from './tag-use-unit.ts'
import { withRecords } from './with-records.ts'

export type ReportContributionsInput = {
  readonly caller: PartnerCaller
  /** As they came from outside. */
  readonly items: readonly unknown[]
}

/**
 * Stores what a partner reports, with a result for each item in its order: a refused one changes nothing and leaves the
 * others standing. The same external id with the same content has one effect, on however many processes at once; with
 * other content it is refused with `IDEMPOTENCY_CONFLICT`. A contribution counts (`CONFIRMED`) once its customer is
 * known: at once by a subject or a lead that is bound, or where it names nobody; else when the broker binds the lead. One whose kind
 * waits for a confirmation counts when it has that, too.
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
  return context.database.transaction((tx) => storeReported(context, tx, caller.partner, batch))
}

function parseReported(value: unknown, now: Date): ParsedContribution {
  const parsed = parseContribution(value)
  refuseTagUses(parsed.reported)
  refuseFuture(parsed.reported.occurredAt, now)
  return parsed
}

/** Stores a batch of one partner that was read. Throws `FORBIDDEN` when the partner may not report now. */
export async function storeReported(
  context: Context,
  tx: Transaction,
  partner: Id<'ptr'>,
  batch: FactBatch<ParsedContribution>,
): Promise<readonly FactResult[]> {
  await takeFactLocks(tx, [`partner:${partner}`])
  if (!(await mayReport(tx, partner))) throw mayNotReport()
  const parsed = standing(batch)
  const known = await selectKnownContributions(
    tx,
    partner,
    parsed.map(({ reported: { externalId } }) => externalId),
  )
  const backgrounds = (await selectBackgrounds(tx, partner, parsed)).values()
  const parts = batch.map((part) => (isRefused(part) ? part : candidateOf(part, nextOf(backgrounds))))
  const { results, accepted } = decideFacts(parts, known, admitContributions())
  const requirements = await selectRequirements(tx, partner)
  const confirmations = new Map(requirements.map(({ kind, confirmation }) => [kind, confirmation]))
  await store(context, tx, { partner, accepted, confirmations })
  return results
}

function nextOf<T>(values: Iterator<T, undefined>): T {
  const { value } = values.next()
  invariant(value !== undefined, 'each reported contribution has a background')
  return value
}

function candidateOf(parsed: ParsedContribution, background: ContributionBackground): Candidate {
  const { reported, referrer } = parsed
  const named = referrer === undefined ? undefined : (background.referrer ?? 'unknown')
  const { externalId, fingerprint } = reported
  return { ...parsed, externalId, fingerprint: fingerprintWith(fingerprint, named), background }
}

type Accepted = {
  readonly partner: Id<'ptr'>
  readonly accepted: readonly AcceptedFact<Candidate>[]
  readonly confirmations: ReadonlyMap<ContributionKind, Confirmation>
}

async function store(context: Context, tx: Transaction, { partner, accepted, confirmations }: Accepted): Promise<void> {
  if (accepted.length === 0) return
  const contributions = accepted.map(({ id, fact: { reported, background } }) => {
    const { customer, referrer } = background
    const confirmation = confirmations.get(reported.kind) ?? 'NONE'
    const status = confirmation === 'NONE' ? statusOf(reported, customer) : 'REPORTED'
    return { id, reported, customer, referrer, confirmation, status }
  })
  const records = await appendRecords(context, tx, [
    ...contributions.map((contribution) => contributionRecord(partner, contribution)),
    ...accepted.flatMap(referrerOf(partner)),
  ])
  const rows = withRecords(contributions, records)
  if ((await insertContributions(tx, partner, rows)) !== rows.length) throw mayNotReport()
}

/** What names nobody waits for nobody. */
function statusOf({ subject, lead }: ReportedContribution, customer: Id<'cus'> | undefined): ContributionStatus {
  const waits = customer === undefined && (subject !== undefined || lead !== undefined)
  return waits ? 'REPORTED' : 'CONFIRMED'
}

function referrerOf(partner: Id<'ptr'>): (accepted: AcceptedFact<Candidate>) => readonly NewRecord[] {
  return ({ id: contribution, fact: { referrer: subject, background } }) => {
    const { referrer: customer } = background
    if (subject === undefined || customer === undefined) return []
    return [referrerRecord(partner, { contribution, customer, subject })]
  }
}

function mayNotReport(): Fault {
  return new Fault('FORBIDDEN', 'contributions are not taken from you now')
}
