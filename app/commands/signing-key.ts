import type { Command } from 'commander'
import { act } from './act.ts'

/** `tributary signing-key rotate`: the key with which access tokens are signed. */
export function addSigningKey(program: Command): void {
  program
    .command('signing-key')
    .description('the key with which access tokens are signed')
    .command('rotate')
    .description('a new key signs from now on; servers take it up within seconds, the old one verifies for a day')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { rotateSigningKey } = await import('../../gateway/keys/rotate-signing-key.ts')
        const rotated = await rotateSigningKey(context, 'oauth')
        return { result: rotated, rows: [{ ...rotated }] }
      }),
    )
}
