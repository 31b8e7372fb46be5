import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Programme } from './programme.ts'
import { refuseUntimely } from './refuse-untimely.ts'
import { insertTerms } from './store/terms.ts'
import type { Terms, TermsVersion } from './terms.ts'
import { bodyOf, canonicalTerms, hashOfBody } from './terms-body.ts'

type NewTerms = {
  readonly programme: Programme
  readonly terms: Terms
  /** The proposal that its members signed, where there is one: it stands in the record. */
  readonly proposal?: Id<'tpr'>
}

/**
 * Puts the next version of a programme's terms into force from its start on; it ends the version before it there. The
 * transaction holds the programme's terms (`lockTermsOf`). Throws what `refuseUntimely` throws.
 */
export async function appendTerms(
  context: Context,
  tx: Transaction,
  { programme, terms, proposal }: NewTerms,
): Promise<TermsVersion> {
  const last = await refuseUntimely(tx, programme, terms)
  const { version, effectiveFrom } = terms
  const body = bodyOf(terms)
  const row = { id: newId('trm'), programme: programme.id, version, effectiveFrom, body, hash: hashOfBody(body) }
  const data = {
    event: 'PUBLISHED',
    programme: programme.id,
    terms: row.id,
    proposal,
    hash: row.hash,
    body: canonicalTerms(terms),
  }
  const [record] = await appendRecords(context, tx, [{ kind: 'terms', data }])
  invariant(record, 'a record was appended')
  await insertTerms(tx, { ...row, followsFrom: last?.effectiveFrom, record: record.id, publishedAt: record.at })
  return { ...row, effectiveTo: undefined, terms }
}
