import type { Command } from 'commander'
import { act } from '../act.ts'
import { readTermsFile } from '../read-terms-file.ts'

/** `tributary terms publish`. */
export function addPublish(terms: Command): void {
  terms
    .command('publish')
    .description('puts terms into force as an act of the broker alone: nobody is asked to sign')
    .argument('<file>', 'JSON')
    .requiredOption('--programme <code>')
    .action((file: string, { programme }: { programme: string }, command: Command) =>
      act(command, async (context) => {
        const { publishTerms } = await import('../../../ledger/agreements/publish-terms.ts')
        const { id, version, effectiveFrom, hash } = await publishTerms(context, {
          programme,
          terms: await readTermsFile(file),
        })
        return { result: { id, version, effectiveFrom, hash } }
      }),
    )
}
