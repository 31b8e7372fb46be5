import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { clockAt } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { parseWith } from '../../kernel/parse.ts'
import { appendRecords } from '../../records/append-records.ts'
import { once } from '../../records/once.ts'
import { tagKeysForWriting } from '../sealing/hold-tag-keys.ts'
import { holdCustomers } from '../store/customers.ts'
import { type KeptDefinition, selectDefinitions } from '../store/tag-definitions.ts'
import { normalizeValue } from '../tag-value.ts'
import { selectSubjects, selectSupplier, writeSupplied } from './store/write-supplied.ts'
import { type Supplied, suppliedRecord } from './supplied-record.ts'
import { parseSupplyItem, type SupplyItem } from './supply-item.ts'

const MOST_ITEMS = 1000

const batch = z.array(z.unknown()).max(MOST_ITEMS, `there are more than ${MOST_ITEMS} values`)

export type SupplyTagsInput = {
  readonly caller: PartnerCaller
  readonly idempotencyKey: string
  /** As they came from outside. */
  readonly items: readonly unknown[]
}

/** What became of one value. OLDER: a newer observation of the partner's stands there, and this one is not kept. */
export type SupplyResult =
  | { readonly outcome: 'RECORDED' | 'OLDER' }
  | { readonly outcome: 'REFUSED'; readonly code: string; readonly message: string; readonly field: string | null }

/**
 * Takes values of tags from a partner of kind DATA, with a result for each in its order: a refused one changes nothing and
 * leaves the others standing. Whether the subject is unknown, the customer did not let the partner supply the tag, or the tag
 * is none that it may supply is one and the same `NOT_FOUND`. The same key with the same batch has one effect and the same
 * answer. Throws `FORBIDDEN` without the scope `tags:supply` or for a partner that may not supply now, `INVALID_INPUT` and
 * `IDEMPOTENCY_CONFLICT`. Source: ADR 0038.
 */
export async function supplyTags(
  context: Context,
  { caller, idempotencyKey: key, items }: SupplyTagsInput,
): Promise<readonly SupplyResult[]> {
  if (!caller.scopes.has('tags:supply')) throw new Fault('FORBIDDEN', 'this needs the scope tags:supply')
  const given = parseWith(batch, items, 'values')
  const scope = `${caller.partner}:tags.supply`
  const request = { batch: keyedDigest(context, given) }
  const { answer } = await once(context, { scope, key, request }, (tx) => supply(context, tx, caller.partner, given))
  return answer
}

/** Keyed: values could be guessed from a bare hash of them. */
function keyedDigest({ keyring }: Context, items: readonly unknown[]): string {
  return createHmac('sha256', keyring.key('supplied-tags')).update(JSON.stringify(items)).digest('hex')
}

type Candidate = SupplyItem & Pick<Supplied, 'record'> & { readonly definition: KeptDefinition }

async function supply(
  context: Context,
  tx: Transaction,
  partner: Id<'ptr'>,
  items: readonly unknown[],
): Promise<SupplyResult[]> {
  const code = await selectSupplier(tx, partner)
  if (code === undefined) throw new Fault('FORBIDDEN', 'values of tags are not taken from you now')
  const now = context.clock.now()
  const definitions = await suppliedBy(tx, code)
  const parts = items.map((item) => candidateOf(item, definitions, now))
  const standing = parts.filter((part): part is Candidate => 'record' in part)
  const outcomes = await write({ ...context, clock: clockAt(now) }, tx, partner, standing)
  return parts.map((part) => ('record' in part ? (outcomes.get(part.record) ?? refusalOf(nothing())) : part))
}

/** The definitions that name the partner. */
async function suppliedBy(tx: Transaction, code: string): Promise<ReadonlyMap<string, KeptDefinition>> {
  const all = await selectDefinitions(tx)
  return new Map(all.filter(({ suppliers }) => suppliers?.includes(code)).map((one) => [one.key, one]))
}

function candidateOf(
  item: unknown,
  definitions: ReadonlyMap<string, KeptDefinition>,
  now: Date,
): Candidate | SupplyResult {
  try {
    const parsed = parseSupplyItem(item, now)
    const definition = definitions.get(parsed.key)
    if (definition === undefined) throw nothing()
    const value = normalizeValue(definition, parsed.value)
    if (value !== undefined) return { ...parsed, value, definition, record: newId('rec') }
    const message = `value: value: it is none of the type ${definition.type}`
    throw new Fault('INVALID_INPUT', message, { field: 'value' })
  } catch (error) {
    if (error instanceof Fault) return refusalOf(error)
    throw error
  }
}

/** Subjects are looked up first, since a value is sealed for its customer; the statement that writes looks again. */
async function write(
  context: Context,
  tx: Transaction,
  supplier: Id<'ptr'>,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<Id<'rec'>, SupplyResult>> {
  const customers = await selectSubjects(
    tx,
    supplier,
    candidates.map(({ subject }) => subject),
  )
  await holdCustomers(tx, [...customers.values()].toSorted())
  const sensitive = candidates.some(({ definition }) => definition.sensitivity === 'HIGH')
  const keys = sensitive ? await tagKeysForWriting(context, tx) : undefined
  const rows = candidates.flatMap(({ definition, ...candidate }) => {
    const customer = customers.get(candidate.subject)
    if (customer === undefined) return []
    const place = { customer, key: candidate.key, supplier }
    const sealed = definition.sensitivity === 'HIGH' ? keys?.seal(place, candidate.value) : undefined
    return [{ ...candidate, ...place, sealed }]
  })
  const written = await writeSupplied(tx, supplier, rows, context.clock.now())
  const kept = new Set(written.filter((one) => one.kept).map(({ record }) => record))
  await appendRecords(context, tx, rows.filter(({ record }) => kept.has(record)).map(suppliedRecord))
  return new Map(written.map(({ record, kept: is }) => [record, { outcome: is ? 'RECORDED' : 'OLDER' }]))
}

function nothing(): Fault {
  return new Fault('NOT_FOUND', 'you may supply no such tag of a customer by this subject', { field: 'subject' })
}

function refusalOf({ code, message, field }: Fault): SupplyResult {
  return { outcome: 'REFUSED', code, message, field: field ?? null }
}
