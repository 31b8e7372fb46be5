import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { idOf } from '../../kernel/ids.ts'
import type { PlacedCustomer } from '../store/add-customers.ts'
import { selectSealed } from '../store/sealed-tags.ts'
import type { Observation, TagRow } from '../store/write-tags.ts'
import { tagKeysForWriting } from './hold-tag-keys.ts'
import type { SealedValue } from './tag-keys.ts'

/**
 * The rows of placed customers, in their order, with what is sensitive sealed. A value that stands there already keeps the
 * ciphertext that it has, so that the statement which writes sees that nothing changed.
 */
export async function sealRows(
  context: Context,
  tx: Transaction,
  { placed, observation }: { readonly placed: readonly PlacedCustomer[]; readonly observation: Observation },
): Promise<readonly TagRow[]> {
  const { tagKeys, sealed } = observation
  const sensitive = tagKeys.filter((_, index) => sealed[index])
  if (sensitive.length === 0) return placed.map(({ id, customer }) => ({ ...customer, id }))
  const keys = await tagKeysForWriting(context, tx)
  const known = placed.filter(({ standing }) => standing === 'known').map(({ id }) => id)
  const kept = new Map<string, SealedValue>()
  for (const one of known.length === 0 ? [] : await selectSealed(tx, known, sensitive)) {
    kept.set(`${one.customer} ${one.key}`, one)
  }
  return placed.map(({ id, customer: { observedAt, values } }) => {
    const customer = idOf('cus', id)
    const sealOne = (value: string, key: string): SealedValue => {
      const place = { customer, key }
      const there = kept.get(`${customer} ${key}`)
      return there && keys.open(place, there) === value ? there : keys.seal(place, value)
    }
    const rows = values.map((value, index) =>
      value !== undefined && sealed[index] ? sealOne(value, tagKeys[index] ?? '') : value,
    )
    return { id, observedAt, values: rows }
  })
}
