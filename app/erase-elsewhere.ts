import type { EraseElsewhere } from '../customers/erase-customer.ts'
import { eraseFacts } from '../ledger/facts/erase-facts.ts'
import { forgetWords } from '../partners/complaints/store/write-complaints.ts'

/** What the other folders take out of their tables when a customer is erased. */
export const eraseElsewhere: EraseElsewhere = async (tx, customers) => {
  await eraseFacts(tx, customers)
  await forgetWords(tx, customers)
}
