import type { Asset } from '../../kernel/money.ts'
import type { BankStatement } from '../../ledger/reconciliation/bank-entry.ts'
import { type ListedEntry, listBankEntries } from '../../ledger/reconciliation/list-bank-entries.ts'
import { listBankStatements } from '../../ledger/reconciliation/list-bank-statements.ts'
import { type TieOut, tieOut } from '../../ledger/reconciliation/tie-out.ts'
import { builder, type GraphName } from '../builder.ts'
import { bankEntryKindType, bankMatchWayType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'

const subGraphs: GraphName[] = ['operations']
const finance = { role: 'finance' } as const
const text = { nullable: true } as const

type Balance = { readonly asset: Asset; readonly date: string; readonly minor: bigint }

const balanceType = builder.objectRef<Balance>('BankBalance').implement({
  description: 'What stood on an account at a bank.',
  subGraphs,
  authScopes: finance,
  fields: (t) => ({
    date: t.exposeString('date', { description: 'The day, e.g. 2026-01-31.' }),
    amount: t.field({ type: moneyType, description: 'How much.', resolve: ({ asset, minor }) => ({ asset, minor }) }),
  }),
})

const statementType = builder.objectRef<BankStatement>('BankStatement').implement({
  description: 'A statement that a bank gave us.',
  subGraphs,
  authScopes: finance,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    reference: t.exposeString('reference', { ...text, description: 'The bank’s name of it.' }),
    sequence: t.exposeString('sequence', { ...text, description: 'The bank’s number of it.' }),
    opening: t.field({
      type: balanceType,
      nullable: true,
      description: 'Before its first entry.',
      resolve: ({ asset, opening }) => opening && { asset, ...opening },
    }),
    closing: t.field({
      type: balanceType,
      nullable: true,
      description: 'After its last entry.',
      resolve: ({ asset, closing }) => closing && { asset, ...closing },
    }),
    entries: t.exposeInt('entries', { description: 'Pieces of money in it.' }),
    added: t.exposeInt('added', { description: 'Those that were not known before.' }),
    passedOver: t.exposeInt('passedOver', { description: 'Lines that are no booked money.' }),
    importedBy: t.exposeString('importedBy', { description: 'Who took it in.' }),
    importedAt: t.expose('importedAt', { type: 'DateTime', description: 'When.' }),
  }),
})

const entryType = builder.objectRef<ListedEntry>('BankEntry').implement({
  description: 'A piece of money that moved at the bank.',
  subGraphs,
  authScopes: finance,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    kind: t.expose('kind', { type: bankEntryKindType, description: 'What it is.' }),
    amount: t.field({
      type: moneyType,
      description: 'How much; below zero it went out.',
      resolve: ({ asset, minor }) => ({ asset, minor }),
    }),
    bookedOn: t.exposeString('bookedOn', { description: 'The day on which the bank booked it.' }),
    valuedOn: t.exposeString('valuedOn', { ...text, description: 'The day from which it counts for interest.' }),
    endToEndId: t.exposeString('endToEndId', { ...text, description: 'End-to-end id, as the bank tells it.' }),
    bankReference: t.exposeString('bankReference', { ...text, description: 'The bank’s own reference.' }),
    returnReason: t.exposeString('returnReason', { ...text, description: 'Why it came back, e.g. AC04.' }),
    counterpartyName: t.exposeString('counterpartyName', { ...text, description: 'Who was on the other side.' }),
    counterpartyMasked: t.exposeString('counterpartyMasked', {
      ...text,
      description: 'End of their account’s number.',
    }),
    remittance: t.exposeString('remittance', { ...text, description: 'What they wrote.' }),
    match: t.expose('match', {
      type: bankMatchWayType,
      nullable: true,
      description: 'What it was matched by, if it was.',
    }),
  }),
})

const tieOutType = builder.objectRef<TieOut>('BankTieOut').implement({
  description: 'How a closing balance of a bank is tied to the ledger, to the minor unit.',
  subGraphs,
  authScopes: finance,
  fields: (t) => {
    const money = (description: string, minorOf: (told: TieOut) => bigint) =>
      t.field({ type: moneyType, description, resolve: (told) => ({ asset: told.asset, minor: minorOf(told) }) })
    return {
      ownAccount: t.exposeString('ownAccount', { description: 'Code of our account.' }),
      on: t.exposeString('on', { description: 'The day of the closing balance.' }),
      bank: money('The bank’s closing balance.', ({ bank }) => bank),
      ledger: money('What stands on the account of the ledger.', ({ ledger }) => ledger),
      atBank: money('What the bank moved and the ledger does not have.', ({ atBankTotal }) => atBankTotal),
      inLedger: money('What the ledger moved and the bank did not.', ({ inLedgerTotal }) => inLedgerTotal),
      gaps: money('Gaps between closing balances.', ({ gapsTotal }) => gapsTotal),
      difference: money('bank − (ledger − inLedger + atBank + gaps); zero.', ({ difference }) => difference),
    }
  },
})

const statementConnection = connectionOf(statementType, subGraphs)
const entryConnection = connectionOf(entryType, subGraphs)

builder.queryFields((t) => ({
  bankStatements: t.field({
    type: statementConnection,
    description: 'Statements that banks gave us, the last imported first. Role finance.',
    subGraphs,
    authScopes: finance,
    args: { ownAccount: t.arg.string({ description: 'Of this account of ours alone, by code.' }), ...pageArgs },
    resolve: (_, { ownAccount, ...args }, { context }) =>
      listBankStatements(context, { ownAccount, page: pageIn(args) }),
  }),
  bankEntries: t.field({
    type: entryConnection,
    description: 'What moved on an account of ours, the last booked first. Role finance.',
    subGraphs,
    authScopes: finance,
    args: {
      ownAccount: t.arg.string({ required: true, description: 'Code of the account.' }),
      unmatched: t.arg.boolean({ description: 'Those alone that nothing came of yet.' }),
      ...pageArgs,
    },
    resolve: (_, { ownAccount, unmatched, ...args }, { context }) =>
      listBankEntries(context, { ownAccount, unmatched, page: pageIn(args) }),
  }),
  bankTieOut: t.field({
    type: tieOutType,
    description: 'Ties a closing balance of a bank to the ledger. Role finance.',
    subGraphs,
    authScopes: finance,
    args: {
      ownAccount: t.arg.string({ required: true, description: 'Code of our account.' }),
      on: t.arg.string({ description: 'The last closing balance up to this day; the last of all when absent.' }),
    },
    resolve: (_, { ownAccount, on }, { context }) => tieOut(context, { ownAccount, on }),
  }),
}))
