import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import type { ImportItem, ImportOutcome } from '../records/import/import-spec.ts'
import type { MappedCustomer } from './map-customer.ts'
import { sealRows } from './sealing/seal-rows.ts'
import { addCustomers, type PlacedCustomer } from './store/add-customers.ts'
import { holdOffErasure } from './store/customers.ts'
import { addTags, changeTags, type Observation } from './store/write-tags.ts'

type Placed = { readonly index: number; readonly customer: MappedCustomer }

/**
 * Writes a batch of mapped customers with a handful of statements, however many they are; one outcome for each.
 * What stands there already is not touched. A customer who is known as synthetic, or as real, stays so.
 */
export async function writeCustomers(
  context: Context,
  tx: Transaction,
  items: readonly ImportItem<MappedCustomer>[],
  observation: Observation,
): Promise<readonly ImportOutcome[]> {
  await holdOffErasure(tx)
  const outcomes: ImportOutcome[] = items.map(() => 'unchanged')
  for (const round of roundsOf(items)) {
    const customers = round.map(({ customer }) => customer)
    const written = await writeRound(context, tx, { customers, observation })
    round.forEach(({ index }, place) => {
      outcomes[index] = written[place] ?? 'unchanged'
    })
  }
  return outcomes
}

/** A file may name a customer twice: the later line is compared with what the earlier one wrote, hence the rounds. */
function roundsOf(items: readonly ImportItem<MappedCustomer>[]): readonly (readonly Placed[])[] {
  const rounds: Placed[][] = []
  const seen = new Map<string, number>()
  items.forEach(({ item: customer }, index) => {
    const number = seen.get(customer.accountKey) ?? 0
    seen.set(customer.accountKey, number + 1)
    const round = rounds[number] ?? []
    rounds[number] = round
    round.push({ index, customer })
  })
  return rounds
}

async function writeRound(
  context: Context,
  tx: Transaction,
  { customers, observation }: { readonly customers: readonly MappedCustomer[]; readonly observation: Observation },
): Promise<readonly ImportOutcome[]> {
  const placed = await addCustomers(tx, customers)
  const rows = await sealRows(context, tx, { placed, observation })
  const [added, known] = (['added', 'known'] as const).map((standing) =>
    rows.filter((_, index) => placed[index]?.standing === standing),
  )
  await addTags(tx, added ?? [], observation)
  const changed = await changeTags(tx, known ?? [], observation)
  return placed.map((one) => outcomeOf(one, changed))
}

function outcomeOf({ id, standing }: PlacedCustomer, changed: ReadonlySet<string>): ImportOutcome {
  if (standing === 'added') return 'created'
  if (standing === 'known') return changed.has(id) ? 'changed' : 'unchanged'
  return {
    refused: 'WRONG_STATE',
    message: 'synthetic: the customer is known to be otherwise, and that never changes',
    field: 'synthetic',
  }
}
