import type { Command } from 'commander'
import { addAccount } from './bank/account.ts'
import { addBreakVerbs } from './bank/breaks.ts'
import { addImportStatements } from './bank/import.ts'
import { addLists } from './bank/lists.ts'
import { addMatch } from './bank/match.ts'
import { addOwnAccount } from './bank/own-account.ts'
import { addRotateKeys } from './bank/rotate-keys.ts'
import { addTieOut } from './bank/tie-out.ts'

/** `tributary bank …`: a file for each verb, or for those that go together. */
export function addBank(program: Command): void {
  const bank = program.command('bank').description('bank accounts, and what banks say')
  const verbs = [addAccount, addOwnAccount, addRotateKeys, addImportStatements, addLists, addMatch, addBreakVerbs]
  for (const add of [...verbs, addTieOut]) add(bank)
}
