import type { Context } from '../../database/context.ts'
import { newId } from '../../kernel/ids.ts'
import { rootAt } from '../prove-records.ts'
import { latestCheckpoint } from '../sign-checkpoint.ts'
import type { AnchorHead, AnchorTurn } from './chain.ts'
import { type Intent, insertIntent, selectIntent, selectLastIntended, supersedeIntent } from './store/anchor-intents.ts'

/**
 * What is to be published behind the contract's head: what was already intended there, else our latest checkpoint when it
 * is larger and it is time. An intent that does not follow the head any more is given up; its transactions can only be
 * refused by the contract.
 */
export async function chooseIntent(
  context: Context,
  {
    contract,
    head,
    everySeconds,
  }: { readonly contract: string; readonly head: AnchorHead; readonly everySeconds: number },
): Promise<Intent | AnchorTurn> {
  const { reads } = context.database
  const open = await selectIntent(reads, contract, head.sequence + 1n)
  if (open && follows(open, head)) return open
  const checkpoint = await latestCheckpoint(context)
  if (!checkpoint || BigInt(checkpoint.size) <= head.size) return { state: 'CURRENT' }
  const last = await selectLastIntended(reads, contract)
  const now = context.clock.now()
  if (last && now.getTime() - last.getTime() < everySeconds * 1000) return { state: 'EARLY' }
  if (!(await rootAt(context, checkpoint.size)).equals(checkpoint.root)) {
    return { state: 'STOPPED', why: `the checkpoint of ${checkpoint.size} records is not the root of the log` }
  }
  await context.database.transaction(async (tx) => {
    if (open) await supersedeIntent(tx, open.id, now)
    const { root } = checkpoint
    const publication = { sequence: head.sequence + 1n, size: BigInt(checkpoint.size), root, previousRoot: head.root }
    await insertIntent(tx, contract, { id: newId('anc'), ...publication }, now)
  })
  // of two processes that intend at once, the first decides for both
  return (await selectIntent(reads, contract, head.sequence + 1n)) ?? { state: 'PENDING' }
}

function follows({ previousRoot, size }: Intent, head: AnchorHead): boolean {
  return previousRoot.equals(head.root) && size > head.size
}
