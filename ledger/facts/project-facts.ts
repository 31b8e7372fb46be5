import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { ProjectedRecord, Projector } from '../../records/projector.ts'
import { selectKnownIds } from '../store/known-ids.ts'
import { eraseFacts } from './erase-facts.ts'
import { insertRequirements } from './store/confirmation-requirements.ts'
import { insertDecisions } from './store/contribution-decisions.ts'
import { keepContributions, nameReferrers } from './store/contributions.ts'
import { insertLeadBindings } from './store/lead-bindings.ts'
import { insertRevenueEvents } from './store/revenue-events.ts'
import { toldDecision, toldRequirement } from './told-decisions.ts'
import { isErased, toldBinding, toldContribution, toldReferrer, toldRevenue } from './told-facts.ts'

const KINDS = [
  'contribution',
  'contribution_referrer',
  'contribution_decision',
  'confirmation_requirement',
  'lead_binding',
  'revenue_event',
] as const
type Kind = (typeof KINDS)[number]

/**
 * Facts out of the log, whose customers are known also when they were erased. A contribution waits for the agreement that
 * it names, what rests on contributions for these.
 */
export const factProjector: Projector = {
  kinds: [...KINDS, 'customer'],
  tables: [
    { name: 'contributions', key: ['id'] },
    { name: 'contribution_decisions', key: ['contribution_id'] },
    { name: 'confirmation_requirements', key: ['partner_id', 'kind', 'version'] },
    { name: 'lead_bindings', key: ['id'] },
    { name: 'revenue_events', key: ['id'] },
  ],
  project: projectFacts,
}

type Project = (tx: Transaction, records: readonly ProjectedRecord[]) => Promise<readonly ProjectedRecord[]>

const PROJECT: Readonly<Record<Kind, Project>> = {
  contribution: projectContributions,
  contribution_referrer: projectReferrers,
  contribution_decision: projectDecisions,
  confirmation_requirement: projectRequirements,
  lead_binding: projectBindings,
  revenue_event: projectRevenue,
}

async function projectFacts(
  _context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const waiting: ProjectedRecord[] = []
  for (const kind of KINDS) {
    const own = records.filter(({ body }) => body.kind === kind)
    if (own.length > 0) waiting.push(...(await PROJECT[kind](tx, own)))
  }
  const erased = records.filter(({ body }) => body.kind === 'customer').flatMap(({ owner }) => owner ?? [])
  await eraseFacts(tx, erased)
  return waiting
}

async function projectContributions(
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const all = told(records, toldContribution)
  const named = all.map(({ fact }) => fact.reported.agreement).filter((agreement) => agreement !== undefined)
  const known = await selectKnownIds(tx, 'agreements', named)
  const { ready, waiting } = apart(all, ({ fact: { reported } }) => {
    return reported.agreement === undefined || known.has(reported.agreement)
  })
  await keepContributions(tx, ready)
  return waiting
}

async function projectReferrers(
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const { ready, waiting } = await afterContributions(tx, told(records, toldReferrer))
  await nameReferrers(tx, ready)
  return waiting
}

async function projectDecisions(
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const { ready, waiting } = await afterContributions(tx, told(records, toldDecision))
  await insertDecisions(tx, ready)
  return waiting
}

async function projectRequirements(tx: Transaction, records: readonly ProjectedRecord[]): Promise<readonly []> {
  await insertRequirements(tx, records.map(toldRequirement))
  return []
}

async function projectBindings(
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const all = told(records, toldBinding)
  const known = await selectKnownIds(
    tx,
    'contributions',
    all.flatMap(({ fact }) => fact.confirms),
  )
  const { ready, waiting } = apart(all, ({ fact }) => fact.confirms.every((id) => known.has(id)))
  await insertLeadBindings(tx, ready)
  // the lead stands in the open in what was reported before anybody knew whose it is
  const gone = all.filter(({ record, fact }) => isErased(record) && ready.includes(fact))
  await eraseFacts(
    tx,
    gone.map(({ fact }) => fact.customer),
  )
  return waiting
}

async function projectRevenue(tx: Transaction, records: readonly ProjectedRecord[]): Promise<readonly []> {
  await insertRevenueEvents(tx, records.map(toldRevenue))
  return []
}

type Told<Fact> = { readonly record: ProjectedRecord; readonly fact: Fact }

function told<Fact>(
  records: readonly ProjectedRecord[],
  read: (record: ProjectedRecord) => Fact,
): readonly Told<Fact>[] {
  return records.map((record) => ({ record, fact: read(record) }))
}

/** Those whose contribution is there already. */
async function afterContributions<Fact extends { readonly contribution: Id<'ctr'> }>(
  tx: Transaction,
  all: readonly Told<Fact>[],
): Promise<Apart<Fact>> {
  const named = all.map(({ fact }) => fact.contribution)
  const known = await selectKnownIds(tx, 'contributions', named)
  return apart(all, ({ fact }) => known.has(fact.contribution))
}

type Apart<Fact> = { readonly ready: readonly Fact[]; readonly waiting: readonly ProjectedRecord[] }

function apart<Fact>(all: readonly Told<Fact>[], isReady: (told: Told<Fact>) => boolean): Apart<Fact> {
  const ready: Fact[] = []
  const waiting: ProjectedRecord[] = []
  for (const one of all) {
    if (isReady(one)) ready.push(one.fact)
    else waiting.push(one.record)
  }
  return { ready, waiting }
}
