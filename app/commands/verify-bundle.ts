import type { Command } from 'commander'
import { sayFault } from '../say-fault.ts'
import { wantsJson } from './act.ts'
import { print } from './output.ts'
import { readJson } from './read-json.ts'
import { readText } from './read-text.ts'

/** `tributary verify-bundle`: needs neither a database nor the network. */
export function addVerifyBundle(program: Command): void {
  program
    .command('verify-bundle')
    .description('checks a record’s bundle as an outsider would; exit code 0 only when all that was given holds')
    .argument('<file>', 'the bundle')
    .option('--key <vkey>', 'the log’s public key, as you were given it; else the bundle’s own is used')
    .option('--checkpoint <file>', 'a checkpoint that you kept: the log must begin with it')
    .action(async (file: string, { key, checkpoint }: { key?: string; checkpoint?: string }, command: Command) => {
      try {
        const { verifyBundle } = await import('../../records/bundles/verify-bundle.ts')
        const kept = checkpoint === undefined ? undefined : await readText(checkpoint)
        const verdict = verifyBundle(await readJson(file), { key: key?.trim(), kept })
        print(verdict, wantsJson(command), verdict.checks)
        if (!verdict.sound) process.exitCode = 1
      } catch (error) {
        process.exitCode = sayFault(error)
      }
    })
}
