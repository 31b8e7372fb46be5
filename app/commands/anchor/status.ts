import type { Command } from 'commander'
import type { Context } from '../../../database/context.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { AnchorStatus } from '../../../records/anchoring/anchor-status.ts'
import type { AnchorPolicy, AnchorViews } from '../../../records/anchoring/chain.ts'
import { readConfig } from '../../config.ts'
import { act, type Outcome } from '../act.ts'

const OFF = { state: 'OFF', why: 'no contract is configured: set TRIBUTARY_ANCHOR_RPC and TRIBUTARY_ANCHOR_CONTRACT' }

/** `tributary anchor status`: looks at the chain and sends nothing; no key is needed. */
export function addStatus(anchor: Command): void {
  anchor
    .command('status')
    .description('what is anchored, how far the log is ahead, and what is in the way')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { openAnchorReader } = await import('../../open-anchoring.ts')
        const opened = await openAnchorReader(readConfig(process.env).anchor)
        if (!opened) return { result: OFF }
        return statusOf(context, opened.chain, opened.policy).finally(opened.close)
      }),
    )
}

async function statusOf(context: Context, chain: AnchorViews, policy: AnchorPolicy): Promise<Outcome> {
  const { anchorStatus } = await import('../../../records/anchoring/anchor-status.ts')
  const looked = await look(context, chain, policy)
  const kept = await anchorStatus(context, chain)
  const status = 'state' in looked ? { ...kept, ...looked } : kept
  return {
    result: status,
    rows: rowsOf(status),
    failed: status.state === 'STOPPED' || status.state === 'WAITING',
  }
}

/** What is in the way now; a chain that is silent is that, too. */
async function look(
  context: Context,
  chain: AnchorViews,
  policy: AnchorPolicy,
): Promise<Pick<AnchorStatus, 'state' | 'why'> | object> {
  const { lookAtChain } = await import('../../../records/anchoring/look-at-chain.ts')
  try {
    return await lookAtChain(context, { chain, policy })
  } catch (error) {
    if (error instanceof Fault && error.kind === 'unavailable') return { state: 'WAITING', why: error.message }
    throw error
  }
}

function rowsOf({ attempts, lag, ...status }: AnchorStatus): readonly Record<'what' | 'value', string>[] {
  const told: readonly (readonly [string, string | undefined])[] = [
    ['state', status.state],
    ['in the way', status.why],
    ['contract', status.contract],
    ['chain', status.chainId?.toString()],
    ['seen at', status.seenAt?.toISOString()],
    ['anchored', `no. ${status.sequence}: ${status.anchoredSize} records, ${status.finality}`],
    ['final', `${status.confirmedSize} records`],
    ['checkpoint', `${status.checkpointSize} records`],
    ['lag', `${lag.records} records, ${lag.seconds} seconds`],
    ...attempts.map((each) => [`attempt ${each.sequence}.${each.number}`, attemptText(each)] as const),
  ]
  return told.flatMap(([what, value]) => (value === undefined ? [] : [{ what, value }]))
}

function attemptText({ size, hash, nonce, maxFee, sentAt, refused }: AnchorStatus['attempts'][number]): string {
  const end = refused ?? (sentAt === undefined ? 'signed, not sent' : `sent ${sentAt.toISOString()}`)
  return `${size} records, nonce ${nonce}, at most ${maxFee} wei a unit: ${end}\n${hash}`
}
