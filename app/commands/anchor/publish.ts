import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Context } from '../../../database/context.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { AnchorTurn } from '../../../records/anchoring/chain.ts'
import { readConfig } from '../../config.ts'
import type { Anchoring } from '../../open-anchoring.ts'
import { act } from '../act.ts'

const PAUSE_MS = 1000

/** `tributary anchor publish`: now, whatever the pace of the worker is. */
export function addPublish(anchor: Command): void {
  anchor
    .command('publish')
    .description('brings the latest signed checkpoint to the chain, and waits until it stands there')
    .option('--wait <seconds>', 'how long to wait for a block', '120')
    .action(({ wait }: { wait: string }, command: Command) =>
      act(command, async (context) => {
        const { openAnchoring } = await import('../../open-anchoring.ts')
        const anchoring = await openAnchoring(readConfig(process.env).anchor)
        if (!anchoring) throw new Fault('CONFIG_INVALID', WHAT_IT_NEEDS)
        const turn = await publish(context, anchoring, waitOf(wait)).finally(anchoring.close)
        const { anchorStatus } = await import('../../../records/anchoring/anchor-status.ts')
        const { sequence, anchoredSize, anchoredRoot, finality } = await anchorStatus(context, anchoring.chain)
        const result = { ...turn, contract: anchoring.chain.contract, sequence, anchoredSize, anchoredRoot, finality }
        return { result, failed: turn.state !== 'CURRENT' }
      }),
    )
}

const WHAT_IT_NEEDS = 'set TRIBUTARY_ANCHOR_RPC, TRIBUTARY_ANCHOR_CONTRACT, and TRIBUTARY_ANCHOR_KEY or its file'

function waitOf(text: string): number {
  if (/^[0-9]{1,5}$/.test(text)) return Number(text)
  throw new Fault('INVALID_INPUT', 'the wait is a number of seconds', { field: 'wait' })
}

/** Takes turns until the chain has the checkpoint, or something is in the way that more turns do not mend. */
async function publish(context: Context, { chain, policy }: Anchoring, waitSeconds: number): Promise<AnchorTurn> {
  const { anchorLog } = await import('../../../records/anchoring/anchor-log.ts')
  const until = Date.now() + waitSeconds * 1000
  let hash: string | undefined
  for (;;) {
    const { failures: _, ...turn } = await anchorLog(context, { chain, policy: { ...policy, everySeconds: 0 } })
    hash = turn.hash ?? hash
    const onTheWay = turn.state === 'SENT' || turn.state === 'PENDING' || turn.hash !== undefined
    if (!onTheWay || Date.now() >= until) return { ...turn, ...(hash === undefined ? {} : { hash }) }
    await sleep(PAUSE_MS)
  }
}
