import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AgreementProposal, AgreementProposalStatus } from '../agreement-proposal.ts'
import type { AgreementFilter } from './agreements.ts'

type Row = {
  readonly id: string
  readonly programme_id: string
  readonly partner_id: string
  readonly starts_at: Date
  readonly ends_at: Date | null
  readonly body: string
  readonly hash: string
  readonly status: AgreementProposalStatus
  readonly agreement_id: string | null
  readonly client_id: string | null
  readonly reason: string | null
  readonly proposed_at: Date
  readonly changed_at: Date
  readonly record_id: string
}

/** The proposal with this id, or nothing. */
export async function selectAgreementProposal(sql: Reader, id: Id<'apr'>): Promise<AgreementProposal | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from agreement_proposals p where p.id = ${uuidOf(id)}`
  return row && proposalOf(row)
}

/** The same; nobody else changes it until the transaction ends. Throws `NOT_FOUND`, also for one to another partner. */
export async function holdAgreementProposal(
  tx: Transaction,
  named: string,
  partner?: Id<'ptr'>,
): Promise<AgreementProposal> {
  const only = partner === undefined ? null : uuidOf(partner)
  const [row] = isId('apr', named)
    ? await tx<Row[]>`
        select ${columns(tx)} from agreement_proposals p
        where p.id = ${uuidOf(named)} and (${only}::uuid is null or p.partner_id = ${only}::uuid) for no key update`
    : []
  if (row !== undefined) return proposalOf(row)
  throw new Fault('NOT_FOUND', 'there is no such proposal of an agreement', { field: 'proposal' })
}

/** Up to one more than the page holds, the last proposed first. */
export async function selectAgreementProposals(
  sql: Reader,
  { programme, partner }: AgreementFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly AgreementProposal[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select ${columns(sql)} from agreement_proposals p
    where true
      ${programme === undefined ? sql`` : sql`and p.programme_id = ${uuidOf(programme)}`}
      ${partner === undefined ? sql`` : sql`and p.partner_id = ${uuidOf(partner)}`}
      ${from === undefined ? sql`` : forward ? sql`and p.id < ${from}::uuid` : sql`and p.id > ${from}::uuid`}
    order by p.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(proposalOf)
}

export async function insertAgreementProposal(tx: Transaction, proposal: AgreementProposal): Promise<void> {
  const { id, programme, partner, startsAt, endsAt, body, hash, status, proposedAt, changedAt, record } = proposal
  await tx`
    insert into agreement_proposals (id, programme_id, partner_id, starts_at, ends_at, body, hash, status, proposed_at,
      changed_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(programme)}, ${uuidOf(partner)}, ${startsAt.toISOString()},
      ${endsAt?.toISOString() ?? null}, ${body}, ${hash}, ${status}, ${proposedAt.toISOString()},
      ${changedAt.toISOString()}, ${uuidOf(record)})`
}

/** What became of a proposal. */
export type Outcome =
  | { readonly status: 'ACTIVATED'; readonly agreement: Id<'agr'>; readonly client: Id<'cli'> }
  | { readonly status: 'WITHDRAWN'; readonly reason: string }

export async function updateOutcome(
  tx: Transaction,
  id: Id<'apr'>,
  outcome: Outcome,
  record: { readonly id: Id<'rec'>; readonly at: Date },
): Promise<void> {
  const signed = outcome.status === 'ACTIVATED' ? outcome : undefined
  const reason = outcome.status === 'WITHDRAWN' ? outcome.reason : null
  await tx`
    update agreement_proposals set status = ${outcome.status}, reason = ${reason},
      agreement_id = ${signed ? uuidOf(signed.agreement) : null}, client_id = ${signed ? uuidOf(signed.client) : null},
      changed_at = ${record.at.toISOString()}, record_id = ${uuidOf(record.id)}
    where id = ${uuidOf(id)}`
}

function columns(sql: Reader): Fragment {
  return sql`p.id, p.programme_id, p.partner_id, p.starts_at, p.ends_at, p.body, p.hash, p.status, p.agreement_id,
    p.client_id, p.reason, p.proposed_at, p.changed_at, p.record_id`
}

function proposalOf(row: Row): AgreementProposal {
  return {
    id: idOf('apr', row.id),
    programme: idOf('prg', row.programme_id),
    partner: idOf('ptr', row.partner_id),
    startsAt: row.starts_at,
    endsAt: row.ends_at ?? undefined,
    body: row.body,
    hash: row.hash,
    status: row.status,
    agreement: row.agreement_id === null ? undefined : idOf('agr', row.agreement_id),
    client: row.client_id === null ? undefined : idOf('cli', row.client_id),
    reason: row.reason ?? undefined,
    proposedAt: row.proposed_at,
    changedAt: row.changed_at,
    record: idOf('rec', row.record_id),
  }
}
