import type { Context } from '../../database/context.ts'
import { rootAt } from '../prove-records.ts'
import { selectTree } from '../store/seals.ts'
import type { AnchorHead } from './chain.ts'

/**
 * What is wrong between an anchor and the log; `undefined` when the log begins with what was anchored. Any anchor may be
 * given, whoever wrote it.
 */
export async function compareAnchor(context: Context, { size, root }: AnchorHead): Promise<string | undefined> {
  if (size === 0n) return undefined
  const tree = await selectTree(context.database.reads)
  if (size > BigInt(tree.size)) {
    return `${size} records were anchored, and the log has only ${tree.size}: it was cut off, or another log is anchored there`
  }
  const own = await rootAt(context, Number(size))
  if (own.equals(root)) return undefined
  return `the first ${size} records are not those that were anchored: the log was changed, or another log is anchored there`
}
