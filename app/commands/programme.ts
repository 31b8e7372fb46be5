import type { Command } from 'commander'
import { act } from './act.ts'
import { addAgreementOfProgramme, addCreate } from './programme/agreement.ts'
import { addDocumentOfProgramme } from './programme/document.ts'
import { addPublish } from './programme/publish.ts'
import { addTermsOfProgramme } from './programme/terms.ts'

type NewProgramme = { readonly code: string; readonly name: string; readonly asset: string; readonly timeZone: string }

/** `tributary programme …`; what the broker does alone is also at hand as `terms publish` and `agreement create`. */
export function addProgramme(program: Command): void {
  const programme = program.command('programme').description('programmes that partners share in, and their contracts')
  programme
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
  addTermsOfProgramme(programme)
  addAgreementOfProgramme(programme)
  addDocumentOfProgramme(programme)
  addPublish(program.command('terms').description("a programme's terms, in versions"))
  addCreate(program.command('agreement').description('who is a member of a programme'))
}
