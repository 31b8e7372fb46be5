import path from 'node:path'
import { importProducts } from '../../catalog/import-products.ts'
import type { Context } from '../../database/context.ts'
import { type DemoPlan, productIdOf, SOURCE } from './demo-plan.ts'
import { writePrivately } from './private-files.ts'
import { type Random, randomFrom } from './random.ts'
import { refuseRefusals } from './refusals.ts'

type Line = {
  readonly category: string
  readonly names: readonly [string, ...string[]]
  readonly risks: readonly [string, ...string[]]
  readonly providers: readonly [string, ...string[]]
}

const LINES: readonly [Line, ...Line[]] = [
  line(
    'FUND',
    ['Balanced Fund 均衡混合', 'Growth Fund 成长股票', 'Index Fund 指数基金'],
    ['R2', 'R3', 'R4', 'R5'],
    [''],
  ),
  line('CASH', ['Money Fund 货币基金', 'Cash Plus 现金增利'], ['R1'], ['', 'harbour-bank']),
  line('BOND', ['Bond Fund 债券基金', 'Short Bond 短债'], ['R2'], ['', 'jade-bank']),
  line('DEPOSIT', ['Term Deposit 定期存款'], ['R1'], ['harbour-bank', 'jade-bank']),
  line('INSURANCE', ['Annuity 年金险', 'Health Cover 健康险'], ['R1', 'R2'], ['evergreen-life', 'lighthouse-health']),
  line('COURSE', ['Investor Course 投资课程'], ['R1'], ['bamboo-academy']),
]

/** Writes the products' file and imports it. The partners who provide some of them are there before. */
export async function loadProducts(
  context: Context,
  folder: string,
  plan: DemoPlan,
  onRows: (rows: number) => void,
): Promise<void> {
  const file = path.join(folder, 'products.csv')
  await writePrivately(file, productsCsv(plan))
  const onProgress = ({ rows }: { readonly rows: number }): void => onRows(rows)
  refuseRefusals('products.csv', await importProducts(context, { file, mapping: MAPPING, onProgress }))
}

/** The category of a product, counted from 0. */
export function categoryOf(place: number): string {
  return lineOf(place).category
}

const MAPPING = {
  format: 'tributary-products/1',
  source: SOURCE,
  externalId: { column: 'id' },
  name: { column: 'name' },
  category: { column: 'category' },
  risk: { column: 'risk' },
  asset: { constant: 'CNY/2' },
  providerPartner: { column: 'provider' },
  attributes: { feeBasisPoints: { column: 'fee' } },
}

function productsCsv({ products }: DemoPlan): string {
  const random = randomFrom('products')
  const rows = Array.from({ length: products }, (_, place) => rowOf(random, place).join(','))
  return `${['id,name,category,risk,provider,fee', ...rows].join('\n')}\n`
}

function rowOf(random: Random, place: number): readonly (string | number)[] {
  const { category, names, risks, providers } = lineOf(place)
  const name = `${random.pick(names)} ${place + 1}`
  return [productIdOf(place), name, category, random.pick(risks), random.pick(providers), random.between(5, 150)]
}

function lineOf(place: number): Line {
  return LINES[place % LINES.length] ?? LINES[0]
}

function line(category: string, names: Line['names'], risks: Line['risks'], providers: Line['providers']): Line {
  return { category, names, risks, providers }
}
