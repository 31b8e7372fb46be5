import type { Command } from 'commander'
import { wantsJson } from './act.ts'
import { print } from './output.ts'

/** `tributary retention`: needs no database. */
export function addRetention(program: Command): void {
  program
    .command('retention')
    .description('what is kept how long, why, and what takes it away')
    .action(async (_options: object, command: Command) => {
      const { RETENTION } = await import('../retention.ts')
      print(RETENTION, wantsJson(command), RETENTION)
    })
}
