import { z } from 'zod'
import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, type IdPrefix, isId } from '../../kernel/ids.ts'
import { instant } from '../consent-input.ts'
import type { IncidentScope, Touched } from './incident.ts'
import { countTouched, selectNamedPartners } from './store/touched.ts'

const MOST_NAMED = 1000
/** Counting may read months of disclosures. */
const COUNTING_SECONDS = 600

const ids = <P extends IdPrefix>(prefix: P) =>
  z
    .array(z.string().refine((text): text is Id<P> => isId(prefix, text), `it is no id such as ${prefix}_…`))
    .max(MOST_NAMED)

/** A scope from outside. Partners by id or code. */
export const scopeInput = {
  partners: z.array(z.string().max(60)).max(MOST_NAMED).optional(),
  clients: ids('cli').optional(),
  consents: ids('cns').optional(),
  from: instant.optional(),
  to: instant.optional(),
}

type ScopeInput = { readonly [K in keyof typeof scopeInput]?: z.output<(typeof scopeInput)[K]> }

/**
 * The scope that is meant: what is not said is as it was. Throws `INVALID_INPUT` for one without partners or without time,
 * and `NOT_FOUND` for an unknown partner.
 */
export async function scopeOf(
  sql: Reader,
  { partners, clients, consents, from, to }: ScopeInput,
  before: Partial<IncidentScope>,
): Promise<IncidentScope> {
  const scope = {
    partners: partners === undefined ? (before.partners ?? []) : await requirePartners(sql, partners),
    clients: clients ?? before.clients ?? [],
    consents: consents ?? before.consents ?? [],
    from: from ?? before.from,
    to: to ?? before.to,
  }
  if (scope.partners.length === 0) throw invalid('partners', 'an incident touches at least one partner')
  if (scope.from === undefined) throw invalid('from', 'say from when')
  if (scope.to === undefined) throw invalid('to', 'say until when')
  if (scope.from >= scope.to) throw invalid('to', 'a time ends after it begins')
  return { ...scope, from: scope.from, to: scope.to }
}

/** Counts what a scope touches, in a transaction that may take its time. */
export async function touchedBy({ database }: Context, scope: IncidentScope): Promise<Touched> {
  return database.transaction((tx) => countTouched(tx, scope), { statementTimeoutSeconds: COUNTING_SECONDS })
}

async function requirePartners(sql: Reader, named: readonly string[]): Promise<readonly Id<'ptr'>[]> {
  const known = await selectNamedPartners(sql, named)
  const found = named.map((each) => {
    const partner = known.get(each)
    if (partner !== undefined) return partner
    throw new Fault('NOT_FOUND', `there is no partner ${JSON.stringify(each)}`, { field: 'partners' })
  })
  return [...new Set(found)].sort()
}

function invalid(field: string, why: string): Fault {
  return new Fault('INVALID_INPUT', `${field}: ${why}`, { field })
}
