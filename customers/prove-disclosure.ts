import type { Context } from '../database/context.ts'
import { type Id, uuidOf } from '../kernel/ids.ts'
import { invariant } from '../kernel/invariant.ts'
import { pathInEntries } from '../records/merkle/entry-tree.ts'
import type { Through } from './disclosure-batch.ts'
import { disclosureHasher, writeDisclosure } from './disclosure-entry.ts'
import { requireCustomer } from './store/customers.ts'
import { selectBatchAt } from './store/disclosure-batches.ts'
import { selectFact, selectFactsBetween } from './store/disclosure-facts.ts'

/** A disclosure with what proves it, up to the record of its batch, which is proven as any record is. */
export type ProvenDisclosure = {
  readonly id: Id<'dis'>
  /** The text that is hashed. */
  readonly row: string
  readonly salt: Buffer
  /** SHA-256(salt ‖ row): the entry in the batch. */
  readonly entry: Buffer
  /** Absent for a moment, until it has entered the log. */
  readonly place:
    | {
        readonly batch: number
        readonly record: Id<'rec'>
        /** From 0. */
        readonly index: number
        readonly count: number
        /** From the leaf up (RFC 9162 §2.1.3). */
        readonly path: readonly Buffer[]
      }
    | undefined
}

export type ProveDisclosureInput = {
  readonly id: Id<'dis'>
  /** Only if it is of this customer's data. */
  readonly accountKey?: string
}

/**
 * Proves one disclosure; nothing for one that is not there, or not of this customer. Throws `NOT_FOUND` for an unknown
 * account.
 */
export async function proveDisclosure(
  context: Context,
  { id, accountKey }: ProveDisclosureInput,
): Promise<ProvenDisclosure | undefined> {
  const { reads } = context.database
  const customer = accountKey === undefined ? undefined : (await requireCustomer(reads, accountKey)).id
  const found = await selectFact(reads, { id, madeAt: madeAt(id), customer })
  if (!found) return undefined
  const { fact, place } = found
  const hasher = disclosureHasher(context.keyring)
  return {
    id,
    row: writeDisclosure(fact),
    salt: hasher.saltOf(id),
    entry: hasher.entryOf(fact),
    place: await placeInBatch(context, place),
  }
}

/** The first 48 bits of a UUIDv7 are milliseconds since the epoch (RFC 9562 §5.7). */
function madeAt(id: Id<'dis'>): Date {
  return new Date(Number.parseInt(uuidOf(id).slice(0, 12), 16))
}

async function placeInBatch(context: Context, place: Through): Promise<ProvenDisclosure['place']> {
  const { reads } = context.database
  const stored = await selectBatchAt(reads, place)
  if (!stored) return undefined
  const { batch, record, after, through, count } = stored
  const facts = await selectFactsBetween(reads, { after, through, limit: count })
  const index = facts.findIndex(({ id }) => id === place.disclosure)
  invariant(index >= 0, `the disclosure ${place.disclosure} is in batch ${batch}`)
  const entries = Buffer.concat(facts.map(disclosureHasher(context.keyring).entryOf))
  return { batch, record, index, count: facts.length, path: pathInEntries(entries, index) }
}
