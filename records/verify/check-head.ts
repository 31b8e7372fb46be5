import { idOf } from '../../kernel/ids.ts'
import { HASH_BYTES } from '../merkle/hashes.ts'
import { TILE_WIDTH } from '../merkle/tiles.ts'
import type { SealHead } from '../store/seals.ts'
import type { Findings } from './findings.ts'
import type { Walked } from './walk-log.ts'

const NOTHING = Buffer.alloc(0)

/** Compares where the sealer stands with the tree that was grown anew, and with the last record in it. */
export function checkHead(head: SealHead, { tree, last }: Walked, { add }: Findings): void {
  const levels = Math.max(head.tree.edge.length, tree.edge.length)
  for (let level = 0; level < levels; level++) {
    const [stored, computed] = [head.tree.edge[level] ?? NOTHING, tree.edge[level] ?? NOTHING]
    // the leaves were compared one by one, to name their places; more of them than there are places were not
    const same = level === 0 ? stored.length <= (tree.size % TILE_WIDTH) * HASH_BYTES : stored.equals(computed)
    if (!same) add('the sealer', `its edge of the tree at level ${level} is not what is below it`)
  }
  if (last?.seq !== tree.size) return
  if (idOf('rec', head.recordId) !== last.id) {
    add('the sealer', 'the record it sealed last is not the last one in the log')
  } else if (last.txId !== undefined && last.txId !== head.txId) {
    add(`record ${last.id} in place ${last.seq}`, 'its transaction is not the one in which the sealer met it')
  }
}
