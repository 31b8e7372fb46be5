import type { Context } from '../../database/context.ts'
import {
  selectFoldHead,
  selectNextDay,
  selectWrongInAll,
  selectWrongInBlock,
  selectWrongOnDay,
  type TotalDifference,
} from './store/balance-checks.ts'
import { BLOCK_RECORDS } from './store/folding.ts'
import type { JournalFinding, VerifyJournalOptions } from './verify-journal.ts'

const DAY_MS = 86_400_000

/**
 * Checks every folded total against the postings: by blocks of the log, by days, and over everything; says which account
 * and asset, what is folded and what the postings say. It may run beside writers, sealers and folders: each comparison
 * is of one snapshot. What it finds is mended by `rebuildBalances`, since totals are no records.
 */
export async function verifyBalances(
  context: Context,
  { onProgress }: VerifyJournalOptions = {},
): Promise<readonly JournalFinding[]> {
  const { reads } = context.database
  const { size, sound, blocks } = await selectFoldHead(reads)
  const found: JournalFinding[] = sound
    ? []
    : [{ what: 'it does not stand at a sealed record', where: 'the head of the folded balances' }]
  for (let block = 0; block < Math.max(blocks, Math.ceil(size / BLOCK_RECORDS)); block++) {
    const where = `records ${block * BLOCK_RECORDS + 1} to ${(block + 1) * BLOCK_RECORDS}`
    found.push(...(await selectWrongInBlock(reads, block)).map((difference) => findingOf(difference, where)))
    onProgress?.({ done: Math.min((block + 1) * BLOCK_RECORDS, size), total: size })
  }
  for (let day = await selectNextDay(reads, undefined); day !== undefined; day = await selectNextDay(reads, day)) {
    const where = new Date(day * DAY_MS).toISOString().slice(0, 10)
    found.push(...(await selectWrongOnDay(reads, day)).map((difference) => findingOf(difference, where)))
  }
  found.push(...(await selectWrongInAll(reads)).map((difference) => findingOf(difference, 'in all')))
  return found
}

function findingOf({ account, asset, folded, posted }: TotalDifference, when: string): JournalFinding {
  return {
    what: `${folded ?? 'nothing'} is folded, and the postings add up to ${posted ?? 'nothing'}`,
    where: `balance of ${account} in ${asset}, ${when}`,
  }
}
