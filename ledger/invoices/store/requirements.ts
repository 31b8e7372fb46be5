import type { Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { Month } from '../../../kernel/month.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { InvoiceRequirement } from '../invoice.ts'

/** What a programme asks for now; nobody changes it before the transaction ends. */
export async function holdRequirement(tx: Transaction, programme: Id<'prg'>): Promise<InvoiceRequirement> {
  await tx`select pg_advisory_xact_lock(hashtextextended('invoices of ' || ${uuidOf(programme)}, 0))`
  const [row] = await tx<{ version: number; from_month: Month | null }[]>`
    select version, from_month from invoice_requirements
    where programme_id = ${uuidOf(programme)} order by version desc limit 1`
  return { programme, version: row?.version ?? 0, from: row?.from_month ?? undefined }
}

export async function insertRequirement(
  tx: Transaction,
  { programme, version, from }: InvoiceRequirement,
  { by, record }: { readonly by: Actor; readonly record: AppendedRecord },
): Promise<void> {
  await tx`
    insert into invoice_requirements (programme_id, version, from_month, set_by, set_at, record_id)
    values (${uuidOf(programme)}, ${version}, ${from ?? null}, ${by}, ${record.at.toISOString()}, ${uuidOf(record.id)})`
}
