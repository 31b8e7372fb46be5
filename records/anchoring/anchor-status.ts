import type { Context } from '../../database/context.ts'
import { latestCheckpoint } from '../sign-checkpoint.ts'
import { selectFirstCheckpointBeyond } from '../store/checkpoints.ts'
import type { AnchorState } from './chain.ts'
import { type ListedAttempt, selectAttempts } from './store/anchor-attempts.ts'
import { type SeenContract, selectContract } from './store/anchor-contracts.ts'

/** How far the log is anchored, as the last turn saw it; no chain is asked. */
export type AnchorStatus = {
  readonly contract: string
  readonly chainId: bigint | undefined
  /** Where anchoring stands, and what is in the way. */
  readonly state: AnchorState
  readonly why: string | undefined
  /** When the contract was last seen, and its head then. */
  readonly seenAt: Date | undefined
  readonly sequence: bigint
  readonly anchoredSize: bigint
  readonly anchoredRoot: string
  /** Whether the head has the confirmations that make it final. */
  readonly finality: 'NONE' | 'UNCONFIRMED' | 'CONFIRMED'
  readonly confirmedSize: bigint
  readonly checkpointSize: number
  /** Records that are signed for and not anchored, and the age of the oldest checkpoint that is not. */
  readonly lag: { readonly records: bigint; readonly seconds: number }
  readonly attempts: readonly ListedAttempt[]
}

const ATTEMPTS = 10

/** Tells how far the log is anchored in a contract; before the first turn nothing of it is known. */
export async function anchorStatus(
  context: Context,
  { contract }: { readonly contract: string },
): Promise<AnchorStatus> {
  const { reads } = context.database
  const seen = await selectContract(reads, contract)
  const checkpoint = await latestCheckpoint(context)
  const { sequence, size, root } = seen?.head ?? { sequence: 0n, size: 0n, root: Buffer.alloc(32) }
  const confirmedSize = seen?.confirmedSize ?? 0n
  const lag = await lagBehind(context, size, checkpoint?.size ?? 0)
  return {
    contract,
    chainId: seen?.chainId,
    ...standing(seen, lag),
    seenAt: seen?.seenAt,
    sequence,
    anchoredSize: size,
    anchoredRoot: root.toString('hex'),
    finality: finalityOf(size, confirmedSize),
    confirmedSize,
    checkpointSize: checkpoint?.size ?? 0,
    lag,
    attempts: await selectAttempts(reads, contract, ATTEMPTS),
  }
}

/** How the last turn ended, unless what was seen or sealed since says more. */
function standing(seen: SeenContract | undefined, lag: AnchorStatus['lag']): Pick<AnchorStatus, 'state' | 'why'> {
  if (seen?.state === 'STOPPED') return { state: seen.state, why: seen.why }
  if (lag.records === 0n) return { state: 'CURRENT', why: undefined }
  if (seen === undefined || seen.state === 'CURRENT') return { state: 'EARLY', why: undefined }
  return { state: seen.state, why: seen.why }
}

function finalityOf(size: bigint, confirmed: bigint): AnchorStatus['finality'] {
  if (size === 0n) return 'NONE'
  return size === confirmed ? 'CONFIRMED' : 'UNCONFIRMED'
}

async function lagBehind(context: Context, anchored: bigint, signed: number): Promise<AnchorStatus['lag']> {
  const ahead = BigInt(signed) - anchored
  if (ahead <= 0n) return { records: 0n, seconds: 0 }
  const oldest = await selectFirstCheckpointBeyond(context.database.reads, Number(anchored))
  const since = oldest?.at ?? context.clock.now()
  return { records: ahead, seconds: Math.max(0, Math.floor((context.clock.now().getTime() - since.getTime()) / 1000)) }
}
