import type { Command } from 'commander'
import { act } from './act.ts'
import { withBar } from './progress.ts'

/** `tributary tag-keys …`: the keys that seal values of sensitive tags. */
export function addTagKeys(program: Command): void {
  const noun = program.command('tag-keys').description('the keys that seal values of sensitive tags')
  noun
    .command('rotate')
    .description(
      'seals all of them under a new key, or finishes what was broken off; reads and imports go on meanwhile',
    )
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { rotateTagKeys } = await import('../../customers/sealing/rotate-tag-keys.ts')
        const rotated = await withBar('seals tags', (onProgress) => rotateTagKeys(context, { onProgress }))
        return { result: rotated, failed: rotated.broken.length > 0 }
      }),
    )
  noun
    .command('status')
    .description('which keys there are, how many values are sealed under each, and how many wait to be')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { tagKeyStatus } = await import('../../customers/sealing/tag-key-status.ts')
        const status = await tagKeyStatus(context)
        const rows = status.keys.map((key) => ({ ...key }))
        return { result: status, rows, sentence: `${status.waiting} values wait to be sealed under the newest key.` }
      }),
    )
}
