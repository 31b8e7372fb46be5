import type { Command } from 'commander'
import { act } from './act.ts'
import { addDiff } from './programme/diff.ts'
import { readTermsFile } from './read-terms-file.ts'

type NewProgramme = { readonly code: string; readonly name: string; readonly asset: string; readonly timeZone: string }

/** `tributary programme create`, `terms publish`, `terms diff`, `agreement create`. */
export function addProgramme(program: Command): void {
  program
    .command('programme')
    .description('programmes that partners share in')
    .command('create')
    .requiredOption('--code <code>')
    .requiredOption('--name <name>')
    .option('--asset <asset>', 'what is paid in', 'CNY/2')
    .option('--time-zone <zone>', 'whose calendar months are the periods', 'Asia/Shanghai')
    .action((options: NewProgramme, command: Command) =>
      act(command, async (context) => {
        const { createProgramme } = await import('../../ledger/agreements/create-programme.ts')
        return { result: await createProgramme(context, options) }
      }),
    )
  const terms = program.command('terms').description("a programme's terms, in versions")
  addDiff(terms)
  terms
    .command('publish')
    .argument('<file>', 'JSON')
    .requiredOption('--programme <code>')
    .action((file: string, { programme }: { programme: string }, command: Command) =>
      act(command, async (context) => {
        const { publishTerms } = await import('../../ledger/agreements/publish-terms.ts')
        const { id, version, effectiveFrom, hash } = await publishTerms(context, {
          programme,
          terms: await readTermsFile(file),
        })
        return { result: { id, version, effectiveFrom, hash } }
      }),
    )
  program
    .command('agreement')
    .description('who is a member of a programme')
    .command('create')
    .requiredOption('--programme <code>')
    .requiredOption('--partner <code>')
    .requiredOption('--from <time>', 'RFC 3339')
    .option('--to <time>', 'RFC 3339')
    .action((options: { programme: string; partner: string; from: string; to?: string }, command: Command) =>
      act(command, async (context) => {
        const { createAgreement } = await import('../../ledger/agreements/create-agreement.ts')
        return { result: await createAgreement(context, options) }
      }),
    )
}
