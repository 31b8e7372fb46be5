import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { ContractDocument, DocumentPlace } from '../contract-document.ts'

type Row = {
  readonly id: string
  readonly agreement_id: string | null
  readonly proposal_id: string | null
  readonly terms_id: string | null
  readonly sha256: string
  readonly name: string
  readonly size_bytes: string
  readonly media_type: string
  readonly attached_at: Date
  readonly record_id: string
}

/**
 * Documents that belong to any of some contracts, oldest first; for a partner's eyes without the papers on which others
 * signed.
 */
export async function selectDocuments(
  sql: Reader,
  places: readonly DocumentPlace[],
  partner?: Id<'ptr'>,
): Promise<readonly ContractDocument[]> {
  const only = partner === undefined ? null : uuidOf(partner)
  const uuids = places.map(uuidOf)
  const rows = await sql<Row[]>`
    select d.id, d.agreement_id, d.proposal_id, d.terms_id, d.sha256, d.name, d.size_bytes::text, d.media_type,
      d.attached_at, d.record_id
    from contract_documents d
    where (d.agreement_id = any (${uuids}::uuid[]) or d.proposal_id = any (${uuids}::uuid[])
        or d.terms_id = any (${uuids}::uuid[]))
      and not exists (select from terms_signatures s where s.document_id = d.id and s.partner_id <> ${only}::uuid)
    order by d.id`
  return rows.map(documentOf)
}

/** What a document may belong to, if it is there: the partner who may have its record, where it is one partner's. */
export async function selectPlace(
  sql: Reader,
  to: string,
): Promise<{ readonly to: DocumentPlace; readonly partner: Id<'ptr'> | undefined } | undefined> {
  if (isId('agr', to)) {
    const [row] = await sql<{ partner_id: string }[]>`select partner_id from agreements where id = ${uuidOf(to)}`
    return row && { to, partner: idOf('ptr', row.partner_id) }
  }
  if (isId('tpr', to)) {
    const rows = await sql`select from terms_proposals where id = ${uuidOf(to)}`
    return rows.length > 0 ? { to, partner: undefined } : undefined
  }
  if (!isId('trm', to)) return undefined
  const rows = await sql`select from terms where id = ${uuidOf(to)}`
  return rows.length > 0 ? { to, partner: undefined } : undefined
}

/** Makes those who attach documents to one thing take turns until their transactions end. */
export async function lockPlace(tx: Transaction, to: DocumentPlace): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`documents:${to}`}, 0))`
}

export async function insertDocument(tx: Transaction, document: ContractDocument): Promise<void> {
  const { id, to, sha256, name, sizeBytes, mediaType, attachedAt, record } = document
  const of = (prefix: 'agr' | 'tpr' | 'trm'): string | null => (isId(prefix, to) ? uuidOf(to) : null)
  await tx`
    insert into contract_documents (id, agreement_id, proposal_id, terms_id, sha256, name, size_bytes, media_type,
      attached_at, record_id)
    values (${uuidOf(id)}, ${of('agr')}, ${of('tpr')}, ${of('trm')}, ${sha256}, ${name}, ${sizeBytes.toString()}::numeric,
      ${mediaType}, ${attachedAt.toISOString()}, ${uuidOf(record)})`
}

function documentOf(row: Row): ContractDocument {
  return {
    id: idOf('doc', row.id),
    to: placeOf(row),
    sha256: row.sha256,
    name: row.name,
    sizeBytes: BigInt(row.size_bytes),
    mediaType: row.media_type,
    attachedAt: row.attached_at,
    record: idOf('rec', row.record_id),
  }
}

function placeOf({ agreement_id, proposal_id, terms_id }: Row): DocumentPlace {
  if (agreement_id !== null) return idOf('agr', agreement_id)
  if (proposal_id !== null) return idOf('tpr', proposal_id)
  invariant(terms_id, 'a document belongs to something')
  return idOf('trm', terms_id)
}
