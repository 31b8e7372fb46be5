import type { Command } from 'commander'
import { act } from './act.ts'

type NewProgramme = { readonly code: string; readonly name: string; readonly asset: string; readonly timeZone: string }

/** `tributary programme create`. */
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
}
