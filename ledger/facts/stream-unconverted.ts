import type { Reader } from '../../database/client.ts'
import type { PathTouch } from '../splits/fact-case.ts'
import type { FactScope } from './case-scope.ts'
import { findLookback, readCustomerHistories } from './store/customer-histories.ts'
import { type PathView, unconvertedPaths } from './unconverted-paths.ts'

/**
 * The paths that ended in the span without a conversion, as a rule sees touches and conversions, in batches; customers
 * stand in the order of their ids, one's paths oldest first. Without terms at the span's start there are none. `sql` is
 * an open transaction.
 */
export async function* streamUnconverted(
  sql: Reader,
  scope: FactScope,
  view: PathView,
  rowsPerBatch = 1000,
): AsyncGenerator<readonly (readonly PathTouch[])[]> {
  const lookbackDays = await findLookback(sql, scope)
  if (lookbackDays === undefined) return
  const span = { from: scope.from, to: scope.to, lookbackDays }
  for await (const histories of readCustomerHistories(sql, { scope, lookbackDays, rowsPerBatch })) {
    const paths = histories.flatMap((history) => unconvertedPaths(history, view, span))
    if (paths.length > 0) yield paths
  }
}
