import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { invalid } from './parse-exactly.ts'
import { parseTermsOf } from './parse-terms-of.ts'
import type { Programme } from './programme.ts'
import { holdOffClosing, selectLockedSince } from './store/locked-periods.ts'
import { requireProgramme } from './store/programmes.ts'
import { insertTerms, lockTermsOf, selectLastTerms, selectTerms } from './store/terms.ts'
import type { Terms, TermsVersion } from './terms.ts'
import { bodyOf, canonicalTerms, hashOfBody } from './terms-body.ts'

export type PublishTermsInput = {
  /** Code or id. */
  readonly programme: string
  /** As they came from outside. */
  readonly terms: unknown
}

/** Terms that stand published; `replayed` when the very same version was there already. */
export type PublishedTerms = TermsVersion & { readonly replayed: boolean }

/**
 * Publishes the next version of a programme's terms; it ends the version before it where it begins. The same version
 * with the same content again changes nothing. Nothing is stored when it throws: `NOT_FOUND` for the programme,
 * `INVALID_INPUT` with the path of the fault, `OVERLAP` when it does not begin after the version
 * before, `PERIOD_LOCKED` when it begins in or before a locked period, `WRONG_STATE` while a period of the programme is
 * being closed, `IDEMPOTENCY_CONFLICT` for a version that was published with other content. Source: RULES §2.
 */
export async function publishTerms(context: Context, input: PublishTermsInput): Promise<PublishedTerms> {
  const programme = await requireProgramme(context.database.reads, input.programme)
  const terms = parseTermsOf(programme, input.terms)
  return context.database.transaction(async (tx) => {
    await lockTermsOf(tx, programme.id)
    return (await replay(tx, programme, terms)) ?? (await append(context, tx, programme, terms))
  })
}

async function replay(tx: Transaction, { id, code }: Programme, terms: Terms): Promise<PublishedTerms | undefined> {
  const known = await selectTerms(tx, { programme: id, version: terms.version })
  if (known === undefined) return undefined
  if (known.hash === hashOfBody(bodyOf(terms))) return { ...known, replayed: true }
  throw new Fault('IDEMPOTENCY_CONFLICT', `version ${terms.version} of ${code} was published with other content`, {
    field: 'version',
  })
}

async function append(context: Context, tx: Transaction, programme: Programme, terms: Terms): Promise<PublishedTerms> {
  const last = await selectLastTerms(tx, programme.id)
  refuseOutOfTurn(terms, last)
  await refuseSettled(tx, programme, terms)
  const { version, effectiveFrom } = terms
  const body = bodyOf(terms)
  const row = { id: newId('trm'), programme: programme.id, version, effectiveFrom, body, hash: hashOfBody(body) }
  const data = {
    event: 'PUBLISHED',
    programme: programme.id,
    terms: row.id,
    hash: row.hash,
    body: canonicalTerms(terms),
  }
  const [record] = await appendRecords(context, tx, [{ kind: 'terms', data }])
  invariant(record, 'a record was appended')
  await insertTerms(tx, { ...row, followsFrom: last?.effectiveFrom, record: record.id, publishedAt: record.at })
  return { ...row, effectiveTo: undefined, terms, replayed: false }
}

function refuseOutOfTurn({ version, effectiveFrom }: Terms, last: TermsVersion | undefined): void {
  const next = (last?.version ?? 0) + 1
  if (version !== next) throw invalid('terms', ['version'], `the next version is ${next}`)
  if (last !== undefined && effectiveFrom.getTime() <= last.effectiveFrom.getTime()) {
    const why = `terms: effectiveFrom: version ${last.version} begins at ${last.effectiveFrom.toISOString()}`
    throw new Fault('OVERLAP', `${why}, the next one begins later`, { field: 'effectiveFrom' })
  }
}

/** Terms in force in a locked period are those it was settled by, for good. */
async function refuseSettled(tx: Transaction, { id, code }: Programme, { effectiveFrom }: Terms): Promise<void> {
  if (!(await holdOffClosing(tx, id))) throw new Fault('WRONG_STATE', `a period of ${code} is being closed right now`)
  const month = await selectLockedSince(tx, id, effectiveFrom)
  if (month === undefined) return
  throw new Fault('PERIOD_LOCKED', `terms: effectiveFrom: ${month} of ${code} is settled, a version begins after it`, {
    field: 'effectiveFrom',
  })
}
