import type { Context } from '../database/context.ts'
import type { FactResult } from '../ledger/facts/fact-result.ts'
import { type ReportContributionsInput, reportContributions } from '../ledger/facts/report-contributions.ts'
import { observeReport } from '../partners/conformance/observe.ts'

/** As {@link reportContributions}; what came again is written down for a conformance run of the partner, if one is open. */
export async function reportObserved(
  context: Context,
  input: ReportContributionsInput,
): Promise<readonly FactResult[]> {
  const results = await reportContributions(context, input)
  await observeReport(context, input.caller.partner, results)
  return results
}
