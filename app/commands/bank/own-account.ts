import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { OwnAccount } from '../../../ledger/bank-accounts/bank-account.ts'
import { act, type Outcome } from '../act.ts'
import type { Row } from '../output.ts'
import { readJson } from '../read-json.ts'
import { readText } from '../read-text.ts'

type AddOptions = { readonly asset: string; readonly name: string; readonly details: string; readonly key?: string }
type VerifyOptions = { readonly numberFile: string; readonly checked: string }

/** `tributary bank own-account …`. */
export function addOwnAccount(bank: Command): void {
  const own = bank.command('own-account').description('bank accounts of ours, from which partners are paid')
  own
    .command('add')
    .argument('<code>', 'short name for good, such as icbc-main: the account Bank:<code> of the journal')
    .requiredOption('--asset <asset>', 'what it holds, such as CNY/2')
    .requiredOption('--name <name>', 'name that people read')
    .requiredOption('--details <file>', 'JSON: holder, scheme, number, bankCode, bankName, country')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('enters an account of ours; another person verifies it')
    .action((code: string, { asset, name, details: file, key }: AddOptions, command: Command) =>
      act(command, async (context) => {
        const { proposeOwnAccount } = await import('../../../ledger/bank-accounts/propose-own-account.ts')
        const details = (await readJson(file)) as Parameters<typeof proposeOwnAccount>[1]['details']
        const idempotencyKey = key ?? randomUUID()
        return told(await proposeOwnAccount(context, { code, asset, name, details, idempotencyKey }))
      }),
    )
  own
    .command('verify')
    .argument('<code>', 'its code')
    .requiredOption('--number-file <file>', "the number again, from the bank's paper; /dev/stdin to type it")
    .requiredOption('--checked <text>', 'what was checked, and how')
    .description('lets partners be paid from it: by another person than entered it')
    .action((code: string, { numberFile, checked }: VerifyOptions, command: Command) =>
      act(command, async (context) => {
        const { verifyOwnAccount } = await import('../../../ledger/bank-accounts/verify-own-account.ts')
        const said = { number: await readText(numberFile), checked, idempotencyKey: randomUUID() }
        return told(await verifyOwnAccount(context, { code, ...said }))
      }),
    )
  own
    .command('reject')
    .argument('<code>', 'its code')
    .requiredOption('--reason <text>', 'why')
    .description('rejects an account of ours that waits to be verified; its code is free again')
    .action((code: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { rejectOwnAccount } = await import('../../../ledger/bank-accounts/reject-own-account.ts')
        return told(await rejectOwnAccount(context, { code, reason, idempotencyKey: randomUUID() }))
      }),
    )
  own
    .command('list')
    .description('accounts of ours by code')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { listOwnAccounts } = await import('../../../ledger/bank-accounts/list-own-accounts.ts')
        const accounts = await listOwnAccounts(context)
        return { result: accounts, rows: accounts.map(rowOf) }
      }),
    )
}

function told(account: OwnAccount): Outcome {
  return { result: account, rows: [rowOf(account)] }
}

function rowOf({ code, name, asset, masked, bankCode, status, enteredBy, verifiedBy }: OwnAccount): Row {
  return { code, name, asset, number: masked, bankCode, status, enteredBy, verifiedBy }
}
