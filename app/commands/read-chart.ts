import type { FinanceChart } from '../../ledger/journal/finance/finance-chart.ts'
import { readJson } from './read-json.ts'

/** The option that export commands have in common. */
export const CHART_OPTION = [
  '--chart <file>',
  'a mapping to the finance system’s chart of accounts; what it does not map is refused',
] as const

/** Reads the mapping of a file; nothing without one. Throws `NOT_FOUND` and `INVALID_INPUT`. */
export async function readChart(file: string | undefined): Promise<FinanceChart | undefined> {
  if (file === undefined) return undefined
  const { parseFinanceChart } = await import('../../ledger/journal/finance/parse-finance-chart.ts')
  return parseFinanceChart(await readJson(file))
}
