import path from 'node:path'
import { importCustomers } from '../../customers/import-customers.ts'
import type { Context } from '../../database/context.ts'
import { accountKeyOf, type DemoPlan, SOURCE } from './demo-plan.ts'
import { DEMO_PURPOSES } from './demo-purposes.ts'
import { DEMO_TAGS } from './demo-tags.ts'
import { writePrivately } from './private-files.ts'
import { randomFrom } from './random.ts'
import { refuseRefusals } from './refusals.ts'

/** Writes the customers' file and imports it: made-up people, each with a value for every tag. */
export async function loadCustomers(
  context: Context,
  folder: string,
  plan: DemoPlan,
  onRows: (rows: number) => void,
): Promise<void> {
  const file = path.join(folder, 'customers.csv')
  await writePrivately(file, customersCsv(plan))
  const onProgress = ({ rows }: { readonly rows: number }): void => onRows(rows)
  refuseRefusals('customers.csv', await importCustomers(context, { file, mapping: customerMapping(), onProgress }))
}

function customersCsv({ customers, from }: DemoPlan): string {
  const random = randomFrom('customers')
  const header = ['account', 'observed', ...DEMO_TAGS.map(({ definition }) => definition.key)]
  const rows = Array.from({ length: customers }, (_, place) => [
    accountKeyOf(place),
    from.toISOString(),
    ...DEMO_TAGS.map(({ draw }) => draw(random)),
  ])
  return `${[header, ...rows].map((cells) => cells.join(',')).join('\n')}\n`
}

function customerMapping(): object {
  return {
    format: 'tributary-customers/1',
    description: 'Made-up customers of the demonstration',
    source: SOURCE,
    accountKey: { column: 'account' },
    synthetic: { constant: 'true' },
    observedAt: { column: 'observed' },
    definitions: DEMO_TAGS.map(({ definition }) => definition),
    purposes: DEMO_PURPOSES.map(({ usual: _, ...purpose }) => purpose),
    tags: Object.fromEntries(DEMO_TAGS.map(({ definition: { key } }) => [key, { column: key }])),
  }
}
