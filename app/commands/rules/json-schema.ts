import type { Command } from 'commander'
import { say } from '../say.ts'

/** `tributary rules schema`: needs no database. */
export function addJsonSchema(rules: Command): void {
  rules
    .command('schema')
    .description('prints the JSON Schema (2020-12) of a file of terms, by which an editor completes and checks it')
    .action(() =>
      say(async () => {
        const { termsJsonSchema } = await import('../../../ledger/agreements/terms-schema.ts')
        return termsJsonSchema()
      }),
    )
}
