import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import {
  BANK_ACCOUNT_STATUSES,
  type BankAccount,
  type BankAccountStatus,
} from '../../../ledger/bank-accounts/bank-account.ts'
import { act, type Outcome } from '../act.ts'
import type { Row } from '../output.ts'
import { readJson } from '../read-json.ts'
import { readText } from '../read-text.ts'

type ProposeOptions = { readonly asset: string; readonly details: string; readonly key?: string }
type VerifyOptions = { readonly numberFile: string; readonly checked: string }
type ListOptions = { readonly partner?: string; readonly status?: BankAccountStatus }

/** `tributary bank account …`. */
export function addAccount(bank: Command): void {
  const account = bank.command('account').description('bank accounts of partners, by two persons')
  account
    .command('propose')
    .argument('<partner>', 'code or id')
    .requiredOption('--asset <asset>', 'what it takes, such as CNY/2')
    .requiredOption('--details <file>', 'JSON: holder, scheme, number, bankCode, bankName, country')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('enters where a partner is paid; another person verifies it')
    .action((partner: string, { asset, details: file, key }: ProposeOptions, command: Command) =>
      act(command, async (context) => {
        const { proposeBankAccount } = await import('../../../ledger/bank-accounts/propose-bank-account.ts')
        const details = (await readJson(file)) as Parameters<typeof proposeBankAccount>[1]['details']
        const idempotencyKey = key ?? randomUUID()
        return told(await proposeBankAccount(context, { partner, asset, details, idempotencyKey }))
      }),
    )
  account
    .command('verify')
    .argument('<id>', 'bka_…')
    .requiredOption('--number-file <file>', "the number again, from the partner's own paper; /dev/stdin to type it")
    .requiredOption('--checked <text>', 'what was checked, and how')
    .description('puts an account in force: by another person than entered it')
    .action((id: string, { numberFile, checked }: VerifyOptions, command: Command) =>
      act(command, async (context) => {
        const { verifyBankAccount } = await import('../../../ledger/bank-accounts/verify-bank-account.ts')
        const said = { number: await readText(numberFile), checked, idempotencyKey: randomUUID() }
        return told(await verifyBankAccount(context, { account: id, ...said }))
      }),
    )
  addEnds(account)
  addList(account)
}

function addEnds(account: Command): void {
  account
    .command('reject')
    .argument('<id>', 'bka_…')
    .requiredOption('--reason <text>', 'why; its partner reads it')
    .description('rejects an account that waits to be verified')
    .action((id: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { rejectBankAccount } = await import('../../../ledger/bank-accounts/reject-bank-account.ts')
        return told(await rejectBankAccount(context, { account: id, reason, idempotencyKey: randomUUID() }))
      }),
    )
  account
    .command('revoke')
    .argument('<id>', 'bka_…')
    .requiredOption('--reason <text>', 'why; its partner reads it')
    .description('takes a verified account out of force at once')
    .action((id: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { revokeBankAccount } = await import('../../../ledger/bank-accounts/revoke-bank-account.ts')
        return told(await revokeBankAccount(context, { account: id, reason, idempotencyKey: randomUUID() }))
      }),
    )
}

function addList(account: Command): void {
  account
    .command('list')
    .option('--partner <code>', 'of this partner alone')
    .addOption(new Option('--status <status>', 'in this status alone').choices(BANK_ACCOUNT_STATUSES))
    .description('accounts and what became of them, the last entered first, up to a hundred')
    .action((options: ListOptions, command: Command) =>
      act(command, async (context) => {
        const { listBankAccounts } = await import('../../../ledger/bank-accounts/list-bank-accounts.ts')
        const { edges } = await listBankAccounts(context, { ...options, page: { first: 100 } })
        const accounts = edges.map(({ node }) => node)
        return { result: accounts, rows: accounts.map(rowOf) }
      }),
    )
}

function told(account: BankAccount): Outcome {
  return { result: account, rows: [rowOf(account)] }
}

function rowOf(account: BankAccount): Row {
  const { id, partner, asset, masked, bankCode, status, enteredBy, verifiedBy, usableFrom, reason } = account
  return { id, partner, asset, number: masked, bankCode, status, enteredBy, verifiedBy, usableFrom, reason }
}
