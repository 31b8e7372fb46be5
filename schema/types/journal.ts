import { Fault } from '../../kernel/fault.ts'
import { type Asset, parseAsset } from '../../kernel/money.ts'
import { type AccountLine, type AccountStatement, accountStatement } from '../../ledger/journal/account-statement.ts'
import type { Balance, BalanceMoment } from '../../ledger/journal/balance.ts'
import { listBalances } from '../../ledger/journal/balances.ts'
import { type Account, listAccounts } from '../../ledger/journal/list-accounts.ts'
import { type TrialBalance, trialBalance } from '../../ledger/journal/trial-balance.ts'
import { builder, type GraphName } from '../builder.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { kind: 'staff' } as const

const accountType = builder.objectRef<Account>('Account').implement({
  description: 'An account of the journal that something was posted to.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Its name, e.g. Partner:Payable:harbour.' }),
    chart: t.exposeString('chart', {
      nullable: true,
      description: 'Its account in the chart; none for a foreign one.',
    }),
    type: t.string({
      nullable: true,
      description: 'ASSET, LIABILITY, INCOME, EXPENSE, EQUITY or CLEARING.',
      resolve: ({ type }) => type?.toUpperCase(),
    }),
  }),
})

const balanceType = builder.objectRef<Balance>('Balance').implement({
  description: 'What stands on an account in one asset; positive is debit.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    account: t.exposeString('account', { description: 'The account.' }),
    balance: t.field({ type: moneyType, description: 'The balance.', resolve: (money) => money }),
  }),
})

const columnsType = builder.objectRef<TrialBalance['totals'][number]>('TrialBalanceTotal').implement({
  description: 'The sums of debit and credit balances in one asset.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    debit: t.field({
      type: moneyType,
      description: 'Of all accounts with a debit balance.',
      resolve: ({ asset, debit }) => ({ asset, minor: debit }),
    }),
    credit: t.field({
      type: moneyType,
      description: 'Of all accounts with a credit balance.',
      resolve: ({ asset, credit }) => ({ asset, minor: credit }),
    }),
  }),
})

const trialBalanceType = builder.objectRef<TrialBalance>('TrialBalance').implement({
  description: 'The sums of all balances; the balances themselves are in `balances`.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    balanced: t.exposeBoolean('balanced', { description: 'Whether debits and credits agree in every asset.' }),
    totals: t.field({ type: [columnsType], description: 'By asset.', resolve: ({ totals }) => totals }),
  }),
})

const accountLineType = builder.objectRef<AccountLine & { readonly asset: Asset }>('AccountLine').implement({
  description: 'A posting on an account.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    entry: t.exposeID('entry', { description: 'The entry that it is of.' }),
    line: t.exposeInt('line', { description: 'Its place in the entry, from 0.' }),
    at: t.expose('at', { type: 'DateTime', description: 'The entry’s time.' }),
    reference: t.exposeString('reference', { description: 'The entry’s reference.' }),
    description: t.exposeString('description', { description: 'What the entry is about.' }),
    amount: t.field({ type: moneyType, description: 'What moved; positive is debit.', resolve: (money) => money }),
    balance: t.field({
      type: moneyType,
      description: 'What stands on the account after it.',
      resolve: ({ asset, balance }) => ({ asset, minor: balance }),
    }),
  }),
})
const accountLines = connectionOf(accountLineType, subGraphs)

const accountStatementType = builder.objectRef<AccountStatement>('AccountStatement').implement({
  description: 'What moved on an account in a span of time.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    account: t.exposeString('account', { description: 'The account.' }),
    opening: t.field({
      type: moneyType,
      description: 'What stands on it before the span.',
      resolve: ({ asset, opening }) => ({ asset, minor: opening }),
    }),
    closing: t.field({
      type: moneyType,
      description: 'What stands on it after the span.',
      resolve: ({ asset, closing }) => ({ asset, minor: closing }),
    }),
    lines: t.field({
      type: accountLines,
      description: 'A page of its postings, in order of time.',
      resolve: ({ asset, lines: { edges, ...rest } }) => ({
        ...rest,
        edges: edges.map(({ node, cursor }) => ({ node: { ...node, asset }, cursor })),
      }),
    }),
  }),
})

const accounts = connectionOf(accountType, subGraphs)
const balances = connectionOf(balanceType, subGraphs)

const momentArgs = builder.args((t) => ({
  at: t.field({ type: 'DateTime', description: 'After all entries up to this time; now unless given.' }),
  seq: t.int({ description: 'After so many records of the log; goes without at.' }),
}))

builder.queryFields((t) => ({
  accounts: t.field({
    type: accounts,
    description: 'The accounts of the journal, by name.',
    subGraphs,
    authScopes,
    args: { prefix: t.arg.string({ description: 'This account and those below it.' }), ...pageArgs },
    resolve: (_, { prefix, ...args }, { context }) =>
      listAccounts(context, { prefix: prefix ?? undefined, page: pageIn(args) }),
  }),
  balances: t.field({
    type: balances,
    description: 'Balances that are not zero, by account and asset: now, at a time, or at a place in the log.',
    subGraphs,
    authScopes,
    args: {
      prefix: t.arg.string({ description: 'Of this account and those below it.' }),
      asset: t.arg.string({ description: 'In this asset, e.g. CNY/2.' }),
      ...momentArgs,
      ...pageArgs,
    },
    resolve: (_, { prefix, asset, at, seq, ...args }, { context }) =>
      listBalances(context, {
        ...momentOf({ at, seq }),
        prefix: prefix ?? undefined,
        asset: asset == null ? undefined : parseAsset(asset),
        page: pageIn(args),
      }),
  }),
  trialBalance: t.field({
    type: trialBalanceType,
    description: 'Whether debits and credits agree: now, at a time, or at a place in the log.',
    subGraphs,
    authScopes,
    args: momentArgs,
    resolve: (_, args, { context }) => trialBalance(context, momentOf(args)),
  }),
  accountStatement: t.field({
    type: accountStatementType,
    nullable: true,
    description: 'What moved on an account, a page at a time; nothing for an account that is not there.',
    subGraphs,
    authScopes,
    args: {
      account: t.arg.string({ required: true, description: 'The account.' }),
      asset: t.arg.string({ description: 'Needed when the account holds several, e.g. CNY/2.' }),
      from: t.arg({ type: 'DateTime', description: 'From this time on.' }),
      to: t.arg({ type: 'DateTime', description: 'Up to this time, which is not in it.' }),
      ...pageArgs,
    },
    resolve: (_, { account, asset, from, to, ...args }, { context }) =>
      unlessMissing(
        accountStatement(context, {
          account,
          asset: asset == null ? undefined : parseAsset(asset),
          from: from ?? undefined,
          to: to ?? undefined,
          page: pageIn(args),
        }),
      ),
  }),
}))

function momentOf({
  at,
  seq,
}: {
  readonly at?: Date | null | undefined
  readonly seq?: number | null | undefined
}): BalanceMoment {
  if (at != null && seq != null) throw new Fault('INVALID_INPUT', 'give either at or seq', { field: 'seq' })
  if (at != null) return { at }
  return seq == null ? {} : { seq }
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (error instanceof Fault && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}
