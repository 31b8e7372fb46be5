import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { TermsProposal } from '../terms-proposal.ts'
import type { TermsSignature } from '../terms-signature.ts'

type Row = {
  readonly proposal_id: string
  readonly partner_id: string
  readonly agreement_id: string
  readonly hash: string
  readonly client_id: string | null
  readonly document_id: string | null
  readonly signed_at: Date
  readonly record_id: string
}

/** Signatures on any of some proposals, by proposal and partner; of one partner alone, if one is given. */
export async function selectSignatures(
  sql: Reader,
  proposals: readonly Id<'tpr'>[],
  partner?: Id<'ptr'>,
): Promise<readonly TermsSignature[]> {
  const only = partner === undefined ? null : uuidOf(partner)
  const rows = await sql<Row[]>`
    select s.proposal_id, s.partner_id, s.agreement_id, s.hash, s.client_id, s.document_id, s.signed_at, s.record_id
    from terms_signatures s
    where s.proposal_id = any (${proposals.map(uuidOf)}::uuid[]) and (${only}::uuid is null or s.partner_id = ${only}::uuid)
    order by s.proposal_id, s.partner_id`
  return rows.map(signatureOf)
}

/** Who has yet to sign what. */
export type Awaited = { readonly proposal: Id<'tpr'>; readonly code: string }

/** Of proposals that are before their members: codes of partners whom they would govern and who have not signed, bytewise. */
export async function selectAwaited(sql: Reader, proposals: readonly Id<'tpr'>[]): Promise<readonly Awaited[]> {
  const rows = await sql<{ id: string; code: string }[]>`
    select distinct p.id, d.code collate "C" as code
    from terms_proposals p
    join agreements a on a.programme_id = p.programme_id and (a.ends_at is null or a.ends_at > p.effective_from)
    join partner_duties d on d.partner_id = a.partner_id
    where p.id = any (${proposals.map(uuidOf)}::uuid[]) and p.status = 'PROPOSED'
      and not exists (select from terms_signatures s where s.proposal_id = p.id and s.partner_id = a.partner_id)
    order by 1, 2`
  return rows.map(({ id, code }) => ({ proposal: idOf('tpr', id), code }))
}

/** Under which agreement terms would govern a partner, and whether its clients may act now. */
export type Signatory = { readonly agreement: Id<'agr'>; readonly acts: boolean }

/** The first agreement of the partner in the programme that runs at a time or begins later, or nothing. */
export async function selectSignatory(
  sql: Reader,
  { programme, effectiveFrom }: Pick<TermsProposal, 'programme' | 'effectiveFrom'>,
  partner: Id<'ptr'>,
): Promise<Signatory | undefined> {
  const [row] = await sql<{ id: string; tokens: boolean }[]>`
    select a.id, d.tokens from agreements a join partner_duties d on d.partner_id = a.partner_id
    where a.programme_id = ${uuidOf(programme)} and a.partner_id = ${uuidOf(partner)}
      and (a.ends_at is null or a.ends_at > ${effectiveFrom.toISOString()})
    order by a.starts_at limit 1`
  return row && { agreement: idOf('agr', row.id), acts: row.tokens }
}

export async function insertSignature(tx: Transaction, signature: TermsSignature): Promise<void> {
  const { proposal, partner, agreement, hash, client, document, signedAt, record } = signature
  await tx`
    insert into terms_signatures (proposal_id, partner_id, agreement_id, hash, client_id, document_id, signed_at, record_id)
    values (${uuidOf(proposal)}, ${uuidOf(partner)}, ${uuidOf(agreement)}, ${hash},
      ${client === undefined ? null : uuidOf(client)}, ${document === undefined ? null : uuidOf(document)},
      ${signedAt.toISOString()}, ${uuidOf(record)})`
}

function signatureOf(row: Row): TermsSignature {
  return {
    proposal: idOf('tpr', row.proposal_id),
    partner: idOf('ptr', row.partner_id),
    agreement: idOf('agr', row.agreement_id),
    hash: row.hash,
    client: row.client_id === null ? undefined : idOf('cli', row.client_id),
    document: row.document_id === null ? undefined : idOf('doc', row.document_id),
    signedAt: row.signed_at,
    record: idOf('rec', row.record_id),
  }
}
