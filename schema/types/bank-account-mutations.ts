import { proposeBankAccount } from '../../ledger/bank-accounts/propose-bank-account.ts'
import { rejectBankAccount } from '../../ledger/bank-accounts/reject-bank-account.ts'
import { revokeBankAccount } from '../../ledger/bank-accounts/revoke-bank-account.ts'
import { verifyBankAccount } from '../../ledger/bank-accounts/verify-bank-account.ts'
import { builder, type GraphName } from '../builder.ts'
import { readerOf } from '../graph-context.ts'
import { bankAccountType } from './bank-account.ts'
import { bankDetailsInput, KEY } from './bank-details-input.ts'
import { payloadOf, payloadType } from './payloads.ts'

const both: GraphName[] = ['partner', 'operations']
const subGraphs: GraphName[] = ['operations']

const proposePayload = payloadType('ProposeBankAccountPayload', {
  ...{ field: 'bankAccount', type: bankAccountType, subGraphs: both },
})
const staffPayload = (name: string) => payloadType(name, { field: 'bankAccount', type: bankAccountType, subGraphs })
const verifyPayload = staffPayload('VerifyBankAccountPayload')
const rejectPayload = staffPayload('RejectBankAccountPayload')
const revokePayload = staffPayload('RevokeBankAccountPayload')

const proposeInput = builder.inputType('ProposeBankAccountInput', {
  description: 'Where a partner wants to be paid.',
  subGraphs: both,
  fields: (t) => ({
    partner: t.string({ description: 'For the staff: whose it is, by code or id. A partner enters its own.' }),
    asset: t.string({ required: true, description: 'What it takes, e.g. CNY/2.' }),
    details: t.field({ type: bankDetailsInput, required: true, description: 'What the bank must know.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const verifyInput = builder.inputType('VerifyBankAccountInput', {
  description: 'What the second person says of an account.',
  subGraphs,
  fields: (t) => ({
    account: t.id({ required: true, description: 'Its id.' }),
    number: t.string({ required: true, description: 'The number again, from the partner’s own paper.' }),
    checked: t.string({ required: true, description: 'What was checked and how, up to 300 characters.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const endInput = builder.inputType('EndBankAccountInput', {
  description: 'Which account is stopped, and why.',
  subGraphs,
  fields: (t) => ({
    account: t.id({ required: true, description: 'Its id.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters; its partner reads it.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.mutationFields((t) => ({
  proposeBankAccount: t.field({
    type: proposePayload,
    description:
      'Enters where a partner is paid in an asset; the broker verifies it. Scope payouts:write, or role finance.',
    subGraphs: both,
    authScopes: { $any: { scope: 'payouts:write', role: 'finance' } },
    args: { input: t.arg({ type: proposeInput, required: true, description: 'The account.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => proposeBankAccount(graph.context, { ...input, owner: readerOf(graph) })),
  }),
  verifyBankAccount: t.field({
    type: verifyPayload,
    description: 'Puts an account in force that another person entered. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: verifyInput, required: true, description: 'What was checked.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => verifyBankAccount(context, { ...input })),
  }),
  rejectBankAccount: t.field({
    type: rejectPayload,
    description: 'Rejects an account that waits to be verified. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: endInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => rejectBankAccount(context, { ...input })),
  }),
  revokeBankAccount: t.field({
    type: revokePayload,
    description: 'Takes a verified account out of force at once. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: endInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => revokeBankAccount(context, { ...input })),
  }),
}))
