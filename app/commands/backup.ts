import path from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { sayFault } from '../say-fault.ts'
import { act, wantsJson } from './act.ts'
import { print } from './output.ts'
import { withBar } from './progress.ts'
import { untilTold } from './until-told.ts'

/** `tributary backup` and `tributary restore`. */
export function addBackup(program: Command): void {
  program
    .command('backup')
    .argument('<folder>', 'the folder to make')
    .description('copies the whole database while it runs, with a signed checkpoint of the log')
    .option('--with-secrets', 'the master key too: whoever has the backup can read everything then')
    .action((folder: string, options: { withSecrets?: boolean }, command: Command) =>
      act(command, async (context, { owner }) => {
        const { backUp } = await import('../backup/back-up.ts')
        const config = readConfig(process.env)
        const { masterKey } = await import('../master-key.ts')
        const target = path.resolve(folder)
        const manifest = await withBar('backup', async (onProgress) =>
          backUp(context, {
            ...{ owner, target, onProgress, signal: untilTold('it was stopped; nothing is left of it') },
            embedded: config.databaseUrl === undefined,
            origin: new URL(config.origin).host,
            masterKey: options.withSecrets ? await masterKey(config.masterKey, config.dataDir) : undefined,
          }),
        )
        const { at, log, bytes } = manifest
        return { result: { folder: target, ...manifest }, rows: [{ folder: target, at, records: log.size, bytes }] }
      }),
    )
  program
    .command('restore')
    .argument('<backup>', 'the folder of a backup')
    .requiredOption('--data-dir <folder>', 'the data folder to make: not there yet, or empty')
    .option('--secrets <folder>', 'the folder that has master.key, when the backup does not')
    .description('restores a backup into a new data folder and verifies it; nothing is left of one that is not sound')
    .action((backup: string, options: { dataDir: string; secrets?: string }, command: Command) =>
      restore({ backup, ...options }, wantsJson(command)),
    )
}

async function restore(
  { backup, dataDir: folder, secrets }: { backup: string; dataDir: string; secrets?: string },
  json: boolean,
): Promise<void> {
  try {
    const { restoreBackup } = await import('../backup/restore-backup.ts')
    const dataDir = path.resolve(folder)
    const input = {
      backup,
      dataDir,
      secrets,
      watch: withBar,
      signal: untilTold('it was stopped; nothing is left of it'),
    }
    const { sound, findings, manifest } = await restoreBackup(readConfig(process.env), input)
    const rows = sound
      ? [{ folder: dataDir, sound: 'yes', at: manifest.at, records: manifest.log.size }]
      : findings.map(({ what, where }) => ({ what, where }))
    print({ sound, findings, dataDir, at: manifest.at, size: manifest.log.size }, json, rows)
    if (!sound) process.exitCode = 1
  } catch (error) {
    process.exitCode = sayFault(error)
  }
}
