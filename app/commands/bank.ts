import type { Command } from 'commander'
import { addAccount } from './bank/account.ts'
import { addOwnAccount } from './bank/own-account.ts'
import { addRotateKeys } from './bank/rotate-keys.ts'

/** `tributary bank …`: a file for each verb. */
export function addBank(program: Command): void {
  const bank = program.command('bank').description('bank accounts, and what banks say')
  for (const add of [addAccount, addOwnAccount, addRotateKeys]) add(bank)
}
