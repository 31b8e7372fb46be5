import type { OwnAccount } from '../../ledger/bank-accounts/bank-account.ts'
import { listOwnAccounts } from '../../ledger/bank-accounts/list-own-accounts.ts'
import { proposeOwnAccount } from '../../ledger/bank-accounts/propose-own-account.ts'
import { rejectOwnAccount } from '../../ledger/bank-accounts/reject-own-account.ts'
import { verifyOwnAccount } from '../../ledger/bank-accounts/verify-own-account.ts'
import { builder, type GraphName } from '../builder.ts'
import { bankDetailsInput, KEY } from './bank-details-input.ts'
import { accountSchemeType, ownAccountStatusType } from './enums.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']

const ownAccountType = builder.objectRef<OwnAccount>('OwnAccount').implement({
  description: 'A bank account of the broker, from which partners are paid.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    code: t.exposeString('code', { description: 'Its short name; Bank:<code> is its account in the journal.' }),
    asset: t.exposeString('asset', { description: 'What it holds, e.g. CNY/2.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    scheme: t.expose('scheme', { type: accountSchemeType, description: 'How its number is made.' }),
    country: t.exposeString('country', { description: 'Country of the bank.' }),
    bankCode: t.exposeString('bankCode', { description: 'BIC of the bank, or its 12 digits of CNAPS.' }),
    masked: t.exposeString('masked', { description: 'The end of its number, e.g. ****1234.' }),
    status: t.expose('status', { type: ownAccountStatusType, description: 'What became of it.' }),
    enteredBy: t.exposeString('enteredBy', { description: 'Who entered it.' }),
    enteredAt: t.expose('enteredAt', { type: 'DateTime', description: 'When.' }),
    verifiedBy: t.exposeString('verifiedBy', { nullable: true, description: 'Who verified it.' }),
    verifiedAt: t.expose('verifiedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
    checked: t.exposeString('checked', { nullable: true, description: 'What was checked.' }),
    endedBy: t.exposeString('endedBy', { nullable: true, description: 'Who rejected it.' }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why it was rejected.' }),
  }),
})

const payloadNamed = (name: string) => payloadType(name, { field: 'ownAccount', type: ownAccountType, subGraphs })
const addPayload = payloadNamed('AddOwnAccountPayload')
const verifyPayload = payloadNamed('VerifyOwnAccountPayload')
const rejectPayload = payloadNamed('RejectOwnAccountPayload')
const CODE = { required: true, description: 'Its code.' } as const

const addInput = builder.inputType('AddOwnAccountInput', {
  description: 'An account of the broker.',
  subGraphs,
  fields: (t) => ({
    code: t.string({ required: true, description: 'Short name for good: 2 to 40 of a-z, 0-9 and -.' }),
    asset: t.string({ required: true, description: 'What it holds, e.g. CNY/2.' }),
    name: t.string({ required: true, description: 'Name that people read, up to 100 characters.' }),
    details: t.field({ type: bankDetailsInput, required: true, description: 'What its bank must know.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const verifyInput = builder.inputType('VerifyOwnAccountInput', {
  description: 'What the second person says of an account of the broker.',
  subGraphs,
  fields: (t) => ({
    code: t.string(CODE),
    number: t.string({ required: true, description: 'The number again, from the bank’s paper.' }),
    checked: t.string({ required: true, description: 'What was checked and how, up to 300 characters.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const rejectInput = builder.inputType('RejectOwnAccountInput', {
  description: 'Which account of the broker is rejected, and why.',
  subGraphs,
  fields: (t) => ({
    code: t.string(CODE),
    reason: t.string({ required: true, description: 'Why, up to 300 characters.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.queryFields((t) => ({
  ownAccounts: t.field({
    type: [ownAccountType],
    description: 'Bank accounts of the broker by code, rejected ones too; the first thousand.',
    subGraphs,
    authScopes: { kind: 'staff' },
    resolve: async (_, __, { context }) => [...(await listOwnAccounts(context))],
  }),
}))

builder.mutationFields((t) => ({
  addOwnAccount: t.field({
    type: addPayload,
    description: 'Enters a bank account of the broker; another person verifies it. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: addInput, required: true, description: 'The account.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => proposeOwnAccount(context, { ...input })),
  }),
  verifyOwnAccount: t.field({
    type: verifyPayload,
    description: 'Lets partners be paid from an account that another person entered. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: verifyInput, required: true, description: 'What was checked.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => verifyOwnAccount(context, { ...input })),
  }),
  rejectOwnAccount: t.field({
    type: rejectPayload,
    description: 'Rejects an account of the broker that waits to be verified. Role finance.',
    subGraphs,
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: rejectInput, required: true, description: 'Which, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => rejectOwnAccount(context, { ...input })),
  }),
}))
