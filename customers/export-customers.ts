import type { Context } from '../database/context.ts'
import type { WriteText } from '../records/export-records.ts'
import type { CustomerLine } from '../records/replay/file-format.ts'
import { selectCustomersBehind } from './store/known-customers.ts'

const PAGE = 5000

/** Writes who the customers are, as lines of a keys file (`records/replay/file-format.ts`), behind their keys. */
export async function exportCustomers(context: Context, write: WriteText): Promise<{ readonly customers: number }> {
  const { reads } = context.database
  let customers = 0
  for (let page = await selectCustomersBehind(reads, undefined, PAGE); page.length > 0; ) {
    const lines = page.map(({ id: customer, accountKey, synthetic, at }) => {
      const line: CustomerLine = { customer, accountKey, synthetic, at: at.toISOString() }
      return `${JSON.stringify(line)}\n`
    })
    await write(lines.join(''))
    customers += page.length
    page = await selectCustomersBehind(reads, page.at(-1)?.id, PAGE)
  }
  return { customers }
}
