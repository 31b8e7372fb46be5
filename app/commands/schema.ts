import type { Command } from 'commander'
import { sayFault } from '../say-fault.ts'
import { print } from './output.ts'

/** `tributary schema print|check`: no database is needed. */
export function addSchema(program: Command): void {
  const schema = program.command('schema').description('the three GraphQL graphs as SDL')
  schema
    .command('print')
    .description('writes schema/*.graphql anew')
    .action(async () => {
      const { writeGraphs } = await import('../../schema/print-graphs.ts')
      await writeGraphs()
    })
  schema
    .command('check')
    .description('compares the graphs with the committed SDL; a breaking change is named')
    .action(async () => {
      try {
        const { checkGraphs } = await import('../../schema/print-graphs.ts')
        const findings = await checkGraphs()
        print(findings.length === 0 ? 'the graphs are as committed' : findings.join('\n'), false)
        if (findings.length > 0) process.exitCode = 1
      } catch (error) {
        process.exitCode = sayFault(error)
      }
    })
}
