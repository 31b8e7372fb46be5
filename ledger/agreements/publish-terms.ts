import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { appendTerms } from './append-terms.ts'
import { parseTermsOf } from './parse-terms-of.ts'
import type { Programme } from './programme.ts'
import { requireProgramme } from './store/programmes.ts'
import { lockTermsOf, selectTerms } from './store/terms.ts'
import type { Terms, TermsVersion } from './terms.ts'
import { bodyOf, hashOfBody } from './terms-body.ts'

export type PublishTermsInput = {
  /** Code or id. */
  readonly programme: string
  /** As they came from outside. */
  readonly terms: unknown
}

/** Terms that stand published; `replayed` when the very same version was there already. */
export type PublishedTerms = TermsVersion & { readonly replayed: boolean }

/**
 * Publishes the next version of a programme's terms as an act of the broker alone, which asks nobody to sign (`activateTerms`
 * does); it ends the version before it where it begins. The same version with the same content again changes nothing.
 * Nothing is stored when it throws: `NOT_FOUND` for the programme, `INVALID_INPUT` with the path of the fault, `OVERLAP`
 * when it does not begin after the version before, `PERIOD_LOCKED` when it begins in or before a locked period,
 * `WRONG_STATE` while a period of the programme is being closed, `IDEMPOTENCY_CONFLICT` for a version that was published
 * with other content. Source: RULES §2, ADR 0016.
 */
export async function publishTerms(context: Context, input: PublishTermsInput): Promise<PublishedTerms> {
  const programme = await requireProgramme(context.database.reads, input.programme)
  const terms = parseTermsOf(programme, input.terms)
  return context.database.transaction(async (tx) => {
    await lockTermsOf(tx, programme.id)
    const known = await replay(tx, programme, terms)
    return known ?? { ...(await appendTerms(context, tx, { programme, terms })), replayed: false }
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
