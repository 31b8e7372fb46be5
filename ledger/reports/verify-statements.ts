import type { Context } from '../../database/context.ts'
import { formatDecimal } from '../../kernel/money.ts'
import { CUSTOMER_ACCOUNTS } from '../journal/chart.ts'
import { selectBalances } from '../journal/store/balances.ts'
import type { JournalFinding } from '../journal/verify-journal.ts'
import { type AccountCheck, compareBooks } from './compare-books.ts'
import { readBooks } from './read-books.ts'
import { selectBrokenChains } from './store/broken-chains.ts'

const MOST_FINDINGS = 1000
const READING_SECONDS = 600

/**
 * Checks that what all statements, payments, points, write-offs and openings come to is what the journal has, account by
 * account and asset by asset, and that each statement begins where the one before ended. It may run beside writers: all of
 * it is read at one snapshot. Source: RULES §6, ADR 0025.
 */
export async function verifyStatements(context: Context): Promise<readonly JournalFinding[]> {
  return context.database.transaction(
    async (sql) => {
      await sql`set transaction read only`
      const books = await readBooks(sql, undefined)
      const checks = compareBooks(books, await selectBalances(sql, { together: CUSTOMER_ACCOUNTS }))
      const broken = await selectBrokenChains(sql, MOST_FINDINGS)
      return [
        ...checks.filter(({ agrees }) => !agrees).map(differenceOf),
        ...books.taxes
          .filter(({ tooMuch }) => tooMuch)
          .map(({ cause }) => ({ what: 'more tax is posted than it says', where: `statement ${cause}` })),
        ...broken.map((number) => ({
          what: 'it does not begin where the one before ended',
          where: `statement ${number}`,
        })),
      ]
    },
    { isolation: 'repeatable read', statementTimeoutSeconds: READING_SECONDS },
  )
}

function differenceOf({ account, asset, told, journal }: AccountCheck): JournalFinding {
  const [theirs, ours] = [told, journal].map((minor) => formatDecimal({ asset, minor }))
  return {
    what: `statements and what was paid come to ${theirs}, and the journal has ${ours}`,
    where: `${account} in ${asset}`,
  }
}
