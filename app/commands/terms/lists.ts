import type { Command } from 'commander'
import { act } from '../act.ts'
import { proposalRow } from './proposal-row.ts'

/** `tributary terms list` and `proposals`. */
export function addLists(terms: Command): void {
  terms
    .command('list')
    .description("a programme's published versions")
    .requiredOption('--programme <code>')
    .action(({ programme }: { programme: string }, command: Command) =>
      act(command, async (context) => {
        const { listTerms } = await import('../../../ledger/agreements/list-terms.ts')
        const versions = await listTerms(context, { programme })
        const rows = versions.map(({ id, version, effectiveFrom: from, effectiveTo: to, hash }) => {
          return { version, from, to, state: stateOf(context.clock.now(), { from, to }), id, hash }
        })
        return { result: rows, rows }
      }),
    )
  terms
    .command('proposals')
    .description('terms on their way, the last drafted first, up to a hundred')
    .option('--programme <code>', 'of this programme alone')
    .action(({ programme }: { programme?: string }, command: Command) =>
      act(command, async (context) => {
        const { listAwaited } = await import('../../../ledger/agreements/list-awaited.ts')
        const { listTermsProposals } = await import('../../../ledger/agreements/list-terms-proposals.ts')
        const { edges } = await listTermsProposals(context, { programme, page: { first: 100 } })
        const awaited = await listAwaited(context, { proposals: edges.map(({ node }) => node.id) })
        const proposals = edges.map(({ node }) => ({ ...node, awaited: awaited.get(node.id) ?? [] }))
        return {
          result: proposals,
          rows: proposals.map((one) => ({ ...proposalRow(one), awaited: one.awaited.join(' ') })),
        }
      }),
    )
}

/** A version is in force until the next one supersedes it. */
function stateOf(now: Date, { from, to }: { readonly from: Date; readonly to: Date | undefined }): string {
  if (now < from) return 'TO_COME'
  return to !== undefined && now >= to ? 'SUPERSEDED' : 'IN_FORCE'
}
