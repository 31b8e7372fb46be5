import { invariant } from '../../kernel/invariant.ts'
import type { AppendedRecord } from '../../records/append-records.ts'

/** Facts with the records that were appended for them, in one order. */
export function withRecords<Fact extends object>(
  facts: readonly Fact[],
  records: readonly AppendedRecord[],
): readonly (Fact & { readonly record: AppendedRecord })[] {
  return facts.map((fact, place) => {
    const record = records[place]
    invariant(record, 'each fact has a record')
    return { ...fact, record }
  })
}
