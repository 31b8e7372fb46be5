import type { Command } from 'commander'
import { parseCount } from '../../../kernel/parse.ts'
import { act } from '../act.ts'
import { type LanguageOption, languageOption } from '../language.ts'

/** `tributary terms diff CODE FROM TO`. */
export function addDiff(terms: Command): void {
  terms
    .command('diff <code> <from> <to>')
    .description('what changed from one version of a programme’s terms to another')
    .addOption(languageOption())
    .action((code: string, from: string, to: string, { language }: LanguageOption, command: Command) =>
      act(command, async (context) => {
        const { compareTerms } = await import('../../../ledger/agreements/compare-terms.ts')
        const { tellDiff } = await import('../../../ledger/splits/explain/tell-diff.ts')
        const versions = { programme: code, from: parseCount(from, 'from'), to: parseCount(to, 'to') }
        const { before, after, changes } = await compareTerms(context, versions)
        const told = changes.map((change) => ({ ...change, sentence: tellDiff(change, { before, after }, language) }))
        return { result: told, rows: told.map(({ path, sentence }) => ({ path, change: sentence })) }
      }),
    )
}
