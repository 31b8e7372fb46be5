import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { TermsProposal, TermsProposalStatus } from '../terms-proposal.ts'

type Row = {
  readonly id: string
  readonly programme_id: string
  readonly status: TermsProposalStatus
  readonly step: number
  readonly version: number
  readonly effective_from: Date
  readonly body: string
  readonly hash: string
  readonly terms_id: string | null
  readonly reason: string | null
  readonly drafted_at: Date
  readonly proposed_at: Date | null
  readonly round: number | null
  readonly changed_at: Date
  readonly record_id: string
}

/** The proposal with this id, or nothing. */
export async function selectTermsProposal(sql: Reader, id: Id<'tpr'>): Promise<TermsProposal | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from terms_proposals p where p.id = ${uuidOf(id)}`
  return row && proposalOf(row)
}

/**
 * The same, and nobody else changes it until the transaction ends. Throws `NOT_FOUND`, where a partner is given also for one
 * that was not put to it.
 */
export async function holdTermsProposal(tx: Transaction, named: string, offeredTo?: Id<'ptr'>): Promise<TermsProposal> {
  if (!isId('tpr', named)) throw noTermsProposal()
  const [row] = await tx<Row[]>`
    select ${columns(tx)} from terms_proposals p
    where p.id = ${uuidOf(named)} ${offeredTo === undefined ? tx`` : tx`and ${wasOffered(tx, offeredTo)}`}
    for no key update`
  if (row === undefined) throw noTermsProposal()
  return proposalOf(row)
}

/** What is said of a proposal that is not there, or not there for whoever asks. */
export function noTermsProposal(): Fault {
  return new Fault('NOT_FOUND', 'there is no such proposal of terms', { field: 'proposal' })
}

/** Which proposals a list holds; absent means all. */
export type ProposalFilter = {
  readonly programme?: Id<'prg'> | undefined
  /** Those that were put to this partner: proposed once, and of a programme in which it would fall under them. */
  readonly offeredTo?: Id<'ptr'> | undefined
}

/** Up to one more than the page holds, the last drafted first. */
export async function selectTermsProposals(
  sql: Reader,
  { programme, offeredTo }: ProposalFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly TermsProposal[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select ${columns(sql)} from terms_proposals p
    where true
      ${programme === undefined ? sql`` : sql`and p.programme_id = ${uuidOf(programme)}`}
      ${offeredTo === undefined ? sql`` : sql`and ${wasOffered(sql, offeredTo)}`}
      ${from === undefined ? sql`` : forward ? sql`and p.id < ${from}::uuid` : sql`and p.id > ${from}::uuid`}
    order by p.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(proposalOf)
}

/**
 * To those who were members while it was on its way, or are: what was withdrawn or done before is nothing to who comes later.
 * Whoever has signed it goes on seeing it, also when its agreement was ended since.
 */
function wasOffered(sql: Reader, partner: Id<'ptr'>): Fragment {
  return sql`p.proposed_at is not null and (
    exists (
      select from agreements a where a.programme_id = p.programme_id and a.partner_id = ${uuidOf(partner)}
        and (a.ends_at is null or a.ends_at > p.effective_from)
        and (p.status = 'PROPOSED' or a.created_at <= p.changed_at))
    or exists (select from terms_signatures s where s.proposal_id = p.id and s.partner_id = ${uuidOf(partner)}))`
}

export async function insertTermsProposal(tx: Transaction, proposal: TermsProposal): Promise<void> {
  const { id, programme, status, step, version, body, hash } = proposal
  await tx`
    insert into terms_proposals (id, programme_id, status, step, version, effective_from, body, hash, drafted_at,
      changed_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(programme)}, ${status}, ${step}, ${version},
      ${proposal.effectiveFrom.toISOString()}, ${body}, ${hash}, ${proposal.draftedAt.toISOString()},
      ${proposal.changedAt.toISOString()}, ${uuidOf(proposal.record)})`
}

/** Writes a proposal as it stands after a step. */
export async function updateTermsProposal(tx: Transaction, proposal: TermsProposal): Promise<void> {
  const { id, status, step, version, body, hash, terms, reason } = proposal
  await tx`
    update terms_proposals set status = ${status}, step = ${step}, version = ${version},
      effective_from = ${proposal.effectiveFrom.toISOString()}, body = ${body}, hash = ${hash},
      terms_id = ${terms === undefined ? null : uuidOf(terms)}, reason = ${reason ?? null},
      proposed_at = ${proposal.proposedAt?.toISOString() ?? null}, round = ${proposal.round ?? null},
      changed_at = ${proposal.changedAt.toISOString()},
      record_id = ${uuidOf(proposal.record)}
    where id = ${uuidOf(id)}`
}

/** The last proposal that was put to the members of a programme, or nothing. */
export async function selectLastRound(sql: Reader, programme: Id<'prg'>): Promise<TermsProposal | undefined> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from terms_proposals p where p.programme_id = ${uuidOf(programme)} and p.round is not null
    order by p.round desc limit 1`
  return row && proposalOf(row)
}

/** Whether what was put to the members in a round has come to its end; before the first round there was none. */
export async function isRoundOver(sql: Reader, programme: Id<'prg'>, round: number): Promise<boolean> {
  if (round === 0) return true
  const rows = await sql`
    select from terms_proposals p where p.programme_id = ${uuidOf(programme)} and p.round = ${round}
      and p.status <> 'PROPOSED'`
  return rows.length > 0
}

function columns(sql: Reader): Fragment {
  return sql`p.id, p.programme_id, p.status, p.step, p.version, p.effective_from, p.body, p.hash, p.terms_id, p.reason,
    p.drafted_at, p.proposed_at, p.round, p.changed_at, p.record_id`
}

function proposalOf(row: Row): TermsProposal {
  return {
    id: idOf('tpr', row.id),
    programme: idOf('prg', row.programme_id),
    status: row.status,
    step: row.step,
    version: row.version,
    effectiveFrom: row.effective_from,
    body: row.body,
    hash: row.hash,
    terms: row.terms_id === null ? undefined : idOf('trm', row.terms_id),
    reason: row.reason ?? undefined,
    draftedAt: row.drafted_at,
    proposedAt: row.proposed_at ?? undefined,
    round: row.round ?? undefined,
    changedAt: row.changed_at,
    record: idOf('rec', row.record_id),
  }
}
