import type { BankAccount } from '../../ledger/bank-accounts/bank-account.ts'
import { findBankAccount } from '../../ledger/bank-accounts/find-bank-account.ts'
import { listBankAccounts } from '../../ledger/bank-accounts/list-bank-accounts.ts'
import { builder, type GraphName } from '../builder.ts'
import { readerOf } from '../graph-context.ts'
import { accountSchemeType, bankAccountStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const staffAlone = { nullable: true, subGraphs: ['operations'] as GraphName[] } as const
/** Who may read accounts and invoices: the partner's own clients, and staff. */
export const payoutReaders = { scopeOrStaff: 'payouts:write' } as const

/** A partner's account; its number and owner are in no graph. */
export const bankAccountType = builder.objectRef<BankAccount>('BankAccount').implement({
  description: 'Where a partner is paid in an asset. Of its number the end alone is ever shown.',
  subGraphs,
  authScopes: payoutReaders,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    partner: t.field({
      type: partnerType,
      ...staffAlone,
      description: 'Whose it is.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    asset: t.exposeString('asset', { description: 'What it takes, e.g. CNY/2.' }),
    scheme: t.expose('scheme', { type: accountSchemeType, description: 'How its number is made.' }),
    country: t.exposeString('country', { description: 'Country of the bank.' }),
    bankCode: t.exposeString('bankCode', { description: 'BIC of the bank, or its 12 digits of CNAPS.' }),
    masked: t.exposeString('masked', { description: 'The end of its number, e.g. ****1234.' }),
    status: t.expose('status', { type: bankAccountStatusType, description: 'What became of it.' }),
    enteredBy: t.exposeString('enteredBy', { ...staffAlone, description: 'Who entered it.' }),
    enteredAt: t.expose('enteredAt', { type: 'DateTime', description: 'When.' }),
    verifiedBy: t.exposeString('verifiedBy', { ...staffAlone, description: 'Who verified it.' }),
    verifiedAt: t.expose('verifiedAt', { type: 'DateTime', nullable: true, description: 'When it was verified.' }),
    checked: t.exposeString('checked', { ...staffAlone, description: 'What was checked.' }),
    usableFrom: t.expose('usableFrom', {
      type: 'DateTime',
      nullable: true,
      description: 'Nothing is paid to it before. Absent until it is verified.',
    }),
    endedBy: t.exposeString('endedBy', { ...staffAlone, description: 'Who rejected or revoked it.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was rejected or revoked.' }),
  }),
})

const bankAccountConnection = connectionOf(bankAccountType, subGraphs)

builder.queryFields((t) => ({
  bankAccounts: t.field({
    type: bankAccountConnection,
    description: 'Bank accounts, the last entered first: a partner’s own, or all. Scope payouts:write.',
    subGraphs,
    authScopes: payoutReaders,
    args: {
      partner: t.arg.string({ description: 'For the staff: of this partner alone, by code or id.' }),
      status: t.arg({ type: bankAccountStatusType, description: 'Those alone in this status.' }),
      ...pageArgs,
    },
    resolve: (_, { partner, status, ...args }, graph) =>
      listBankAccounts(graph.context, { partner, owner: readerOf(graph), status, page: pageIn(args) }),
  }),
  bankAccount: t.field({
    type: bankAccountType,
    nullable: true,
    description: 'A bank account by its id; nothing for another partner’s. Scope payouts:write.',
    subGraphs,
    authScopes: payoutReaders,
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, graph) => findBankAccount(graph.context, { id, partner: readerOf(graph) }),
  }),
}))
