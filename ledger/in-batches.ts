/** So many rows go into one statement: a round may have a hundred thousand. */
const BATCH = 2000

/** Does the work for some thousand rows at a time, in their order. */
export async function inBatches<T>(rows: readonly T[], work: (batch: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH) await work(rows.slice(from, from + BATCH))
}
