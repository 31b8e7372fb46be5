import type { Context } from '../../database/context.ts'
import { idOf } from '../../kernel/ids.ts'
import { selectBeyondHead } from '../store/beyond-head.ts'
import { type OrderKey, selectForeign, selectPassedOver } from '../store/sealed-records.ts'
import type { SealHead } from '../store/seals.ts'
import type { Findings } from './findings.ts'
import { BEGINNING } from './read-in-step.ts'
import type { Walked } from './walk-log.ts'

const AT_ONCE = 10_000

type Seen = { readonly head: SealHead | undefined; readonly walked: Walked }

/** Looks for what has no business to be in the log's tables: nobody would come upon it by going from place to place. */
export async function checkStrays(context: Context, { head, walked }: Seen, found: Findings): Promise<void> {
  if (!head || !isInStep(head, walked)) await checkPassedOver(context, head ?? BEGINNING, found)
  await checkForeign(context, found)
  await checkBeyondHead(context, found)
}

/** Up to the sealer's head, the log's order and that of the places were seen to be one: nothing is passed over. */
function isInStep(head: SealHead, { inStep, last }: Walked): boolean {
  return inStep && last !== undefined && last.txId === head.txId && last.id === idOf('rec', head.recordId)
}

/** Records that stand before the sealer's head without a place in the log came in behind its back. */
async function checkPassedOver(context: Context, head: OrderKey, { add }: Findings): Promise<void> {
  const { reads } = context.database
  let after: OrderKey | undefined = BEGINNING
  while (after) {
    const some: Awaited<ReturnType<typeof selectPassedOver>> = await selectPassedOver(reads, head, {
      after,
      limit: AT_ONCE,
    })
    for (const id of some?.passedOver ?? []) add(`record ${id}`, 'it is not sealed, and the log has gone past it')
    after = some?.last
  }
}

async function checkForeign({ database: { reads } }: Context, { add }: Findings): Promise<void> {
  for (const id of await selectForeign(reads, AT_ONCE)) {
    add(`record ${id}`, 'it is of a transaction that has not happened')
  }
}

async function checkBeyondHead({ database: { reads } }: Context, { add }: Findings): Promise<void> {
  const { seals, tiles } = await selectBeyondHead(reads, AT_ONCE)
  for (const { seq, id } of seals) add(`record ${id} in place ${seq}`, 'it is sealed where the sealer has not been')
  for (const { level, index } of tiles) add(`tile ${level}/${index}`, 'the tree is not as large as that')
}
