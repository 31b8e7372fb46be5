import type { Command } from 'commander'
import { parseId } from '../../../kernel/ids.ts'
import { act, wantsJson } from '../act.ts'
import { readText } from '../read-text.ts'

/** `tributary ledger bundle`: the document itself on standard output, so that it can be kept in a file as it is. */
export function addBundle(ledger: Command): void {
  ledger
    .command('bundle')
    .description('all that it takes to check one record without us, as one JSON document')
    .argument('<record>', 'its id, rec_…')
    .option('--since <file>', 'a checkpoint that was kept: proves that the log has only grown since')
    .action((record: string, { since }: { since?: string }, command: Command) =>
      act(command, async (context) => {
        const { makeBundle } = await import('../../../records/make-bundle.ts')
        const olderCheckpoint = since === undefined ? undefined : await readText(since)
        const bundle = await makeBundle(context, { record: parseId('rec', record), olderCheckpoint })
        return { result: wantsJson(command) ? bundle : JSON.stringify(bundle, null, 2) }
      }),
    )
}
