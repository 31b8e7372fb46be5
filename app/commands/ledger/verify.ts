import type { Command } from 'commander'
import { act } from '../act.ts'
import { withBar } from '../progress.ts'
import { verifyChain } from './verify-chain.ts'

/** `tributary ledger verify`. */
export function addVerify(ledger: Command): void {
  ledger
    .command('verify')
    .description(
      'hashes every record again, checks the tree, its checkpoints, disclosures, the journal, balances and the tables; says what is wrong and where',
    )
    .option('--no-chain', 'leaves out the anchors on the chain, which are checked when one is configured')
    .action(({ chain }: { chain: boolean }, command: Command) =>
      act(command, async (context) => {
        const { verifyRecords } = await import('../../../records/verify-records.ts')
        const { verifyJournal } = await import('../../../ledger/journal/verify-journal.ts')
        const { verifyBalances } = await import('../../../ledger/journal/verify-balances.ts')
        const { verifyDisclosureBatches } = await import('../../../customers/verify-disclosure-batches.ts')
        const { verifyProjections } = await import('../../../records/verify-projections.ts')
        const { PROJECTORS_BESIDE_JOURNAL } = await import('../../projectors.ts')
        const projectors = PROJECTORS_BESIDE_JOURNAL
        const findings = [
          ...(await withBar('records', (onProgress) => verifyRecords(context, { onProgress }))),
          ...(await withBar('journal', (onProgress) => verifyJournal(context, { onProgress }))),
          ...(await withBar('balances', (onProgress) => verifyBalances(context, { onProgress }))),
          ...(await withBar('disclosures', (onProgress) => verifyDisclosureBatches(context, { onProgress }))),
          ...(await withBar('tables', (onProgress) => verifyProjections(context, { projectors, onProgress }))),
          ...(chain ? await withBar('anchors', (onProgress) => verifyChain(context, onProgress)) : []),
        ]
        const rows = findings.map(({ what, where }) => ({ what, where }))
        return {
          result: { sound: findings.length === 0, findings },
          ...(rows.length > 0 ? { rows } : {}),
          failed: rows.length > 0,
        }
      }),
    )
}
