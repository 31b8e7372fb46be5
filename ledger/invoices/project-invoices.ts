import type { Transaction } from '../../database/client.ts'
import { parseRecordData } from '../../records/parse-record-data.ts'
import { projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { invoiceEvent } from './invoice-records.ts'
import { endInvoiceRow, insertInvoice, isHindered } from './store/invoices.ts'
import { insertRequirement } from './store/requirements.ts'

/** Invoices out of the log, and which programmes ask for them. */
export const invoiceProjector: Projector = {
  kinds: ['invoice'],
  tables: [
    { name: 'invoices', key: ['id'] },
    { name: 'invoice_requirements', key: ['programme_id', 'version'] },
  ],
  project: projectEach(projectOne),
}

/** An end waits for its invoice, and an invoice for the end of another one that had its number or its statement. */
async function projectOne(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = parseRecordData(invoiceEvent, body)
  const act = { by: body.actor, record: { id: body.id, at: new Date(body.at) } }
  switch (told.event) {
    case 'REGISTERED': {
      const { event: _, invoice: id, ...registered } = told
      if (await isHindered(tx, { id, ...registered })) return false
      await insertInvoice(tx, { id, ...registered }, act)
      return true
    }
    case 'REQUIRED':
      await insertRequirement(tx, { ...told, from: told.from ?? undefined }, act)
      return true
    default: {
      const creditNote = told.event === 'CREDITED' ? told.creditNote : undefined
      return endInvoiceRow(tx, told.invoice, { reason: told.reason, creditNote, ...act })
    }
  }
}
