import type { Command } from 'commander'
import { act } from '../act.ts'
import { withBar } from '../progress.ts'

/** `tributary bank rotate-keys`. */
export function addRotateKeys(bank: Command): void {
  bank
    .command('rotate-keys')
    .description('seals all bank accounts under a new key, or finishes what was broken off; payouts go on meanwhile')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { rotateBankKeys } = await import('../../../ledger/bank-accounts/rotate-bank-keys.ts')
        return { result: await withBar('seals accounts', (onProgress) => rotateBankKeys(context, { onProgress })) }
      }),
    )
}
