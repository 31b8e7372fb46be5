import { beforeAll, expect, test } from 'vitest'
import type { Caller, StaffRole } from '../../kernel/caller.ts'
import { operationsSchema } from '../../schema/graphs.ts'
import { CHINESE, fresh, GERMAN } from '../ledger/bank-accounts/scene.ts'
import { fapiao, payable } from '../ledger/invoices/scene.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
let scene: Awaited<ReturnType<typeof payable>>

const ERRORS = 'userErrors { code field }'
const PROPOSE = `mutation ($input: ProposeBankAccountInput!) { proposeBankAccount(input: $input) {
  bankAccount { id partner { code } enteredBy } ${ERRORS} } }`
const VERIFY = `mutation ($input: VerifyBankAccountInput!) { verifyBankAccount(input: $input) {
  bankAccount { status verifiedBy checked usableFrom } ${ERRORS} } }`
const REVOKE = `mutation ($input: EndBankAccountInput!) { revokeBankAccount(input: $input) {
  bankAccount { status endedBy reason } ${ERRORS} } }`
const REJECT = `mutation ($input: EndBankAccountInput!) { rejectBankAccount(input: $input) {
  bankAccount { status } ${ERRORS} } }`
const LIST = `query ($partner: String) { bankAccounts(partner: $partner, status: VERIFIED, first: 5) {
  edges { node { masked bankCode scheme } } } }`
const ADD = `mutation ($input: AddOwnAccountInput!) { addOwnAccount(input: $input) {
  ownAccount { code masked status } ${ERRORS} } }`
const VERIFY_OWN = `mutation ($input: VerifyOwnAccountInput!) { verifyOwnAccount(input: $input) {
  ownAccount { status verifiedBy } ${ERRORS} } }`
const REJECT_OWN = `mutation ($input: RejectOwnAccountInput!) { rejectOwnAccount(input: $input) {
  ownAccount { status } ${ERRORS} } }`
const OWN = '{ ownAccounts { code status } }'
const REQUIRE = `mutation ($input: RequireInvoicesInput!) { requireInvoices(input: $input) {
  requirement { version from } ${ERRORS} } }`
const REGISTER = `mutation ($input: RegisterInvoiceInput!) { registerInvoice(input: $input) {
  invoice { id status differs code partner { code } registeredBy expectedVat { amount } } ${ERRORS} } }`
const CREDIT = `mutation ($input: CreditInvoiceInput!) { creditInvoice(input: $input) {
  invoice { status creditNote } ${ERRORS} } }`
const STATEMENTS = '{ statements(first: 10) { edges { node { invoiceRequired invoiceMatched } } } }'

beforeAll(async () => {
  world.clock.set('2026-08-02T00:00:00Z')
  scene = await payable(world)
})

function asStaff(name: string, source: string, variables: object = {}, role: StaffRole = 'finance'): Promise<Answer> {
  const caller: Caller = { kind: 'staff', name, roles: new Set([role]), requestId: 'r-1' }
  const context = { ...world.context, actor: `staff:${name}` as const }
  return ask({ schema: operationsSchema, context, caller }, source, { ...variables })
}

const input = (fields: object) => ({ input: { ...fields, idempotencyKey: fresh() } })

async function proposed(): Promise<string> {
  const asked = input({ partner: scene.member.code, asset: 'CNY/2', details: CHINESE })
  const { data } = await asStaff('ann', PROPOSE, asked)
  expect(data).toMatchObject({
    proposeBankAccount: { bankAccount: { partner: { code: scene.member.code }, enteredBy: 'staff:ann' } },
  })
  return (data as { proposeBankAccount: { bankAccount: { id: string } } }).proposeBankAccount.bankAccount.id
}

test('two persons of finance put an account in force, and one stops it', async () => {
  const account = await proposed()
  const said = { account, number: CHINESE.number, checked: 'called the office' }
  expect((await asStaff('ann', VERIFY, input(said))).codes).toEqual(['FORBIDDEN'])
  expect(await asStaff('bo', VERIFY, input({ ...said, number: '62220212' }))).toMatchObject({
    data: { verifyBankAccount: { bankAccount: null, userErrors: [{ code: 'WRONG_STATE', field: 'number' }] } },
  })
  expect(await asStaff('bo', VERIFY, input(said))).toMatchObject({
    data: {
      verifyBankAccount: {
        ...{
          userErrors: [],
          bankAccount: { status: 'VERIFIED', verifiedBy: 'staff:bo', checked: 'called the office' },
        },
      },
    },
  })
  expect((await asStaff('cy', LIST, { partner: scene.member.code }, 'compliance')).data).toEqual({
    bankAccounts: { edges: [{ node: { masked: '****3445', bankCode: '102100099996', scheme: 'CN_DOMESTIC' } }] },
  })
  expect(await asStaff('ann', REVOKE, input({ account, reason: 'not theirs' }))).toMatchObject({
    data: { revokeBankAccount: { bankAccount: { status: 'REVOKED', endedBy: 'staff:ann', reason: 'not theirs' } } },
  })
  const waiting = await proposed()
  expect(await asStaff('ann', REJECT, input({ account: waiting, reason: 'twice' }))).toMatchObject({
    data: { rejectBankAccount: { bankAccount: { status: 'REJECTED' } } },
  })
})

test('an account of the broker likewise', async () => {
  const account = { code: 'main-eur', asset: 'EUR/2', name: 'Main', details: GERMAN }
  expect(await asStaff('ann', ADD, input(account))).toMatchObject({
    data: { addOwnAccount: { ownAccount: { code: 'main-eur', masked: '****3000', status: 'PROPOSED' } } },
  })
  const said = { code: 'main-eur', number: GERMAN.number, checked: 'letter of the bank' }
  expect(await asStaff('bo', VERIFY_OWN, input(said))).toMatchObject({
    data: { verifyOwnAccount: { ownAccount: { status: 'VERIFIED', verifiedBy: 'staff:bo' } } },
  })
  await asStaff('ann', ADD, input({ ...account, code: 'second' }))
  expect(await asStaff('ann', REJECT_OWN, input({ code: 'second', reason: 'closed' }))).toMatchObject({
    data: { rejectOwnAccount: { ownAccount: { status: 'REJECTED' } } },
  })
  expect((await asStaff('cy', OWN, {}, 'partner-manager')).data).toEqual({
    ownAccounts: [
      { code: 'main-eur', status: 'VERIFIED' },
      { code: 'second', status: 'REJECTED' },
    ],
  })
})

test('finance asks for invoices, and registers one on behalf of a partner', async () => {
  const asked = { input: { programme: scene.programme, from: '2026-01' } }
  expect(await asStaff('ann', REQUIRE, asked)).toMatchObject({
    data: { requireInvoices: { requirement: { version: 1, from: '2026-01' }, userErrors: [] } },
  })
  const state = (invoiceMatched: boolean) => ({
    statements: { edges: [{ node: { invoiceRequired: true, invoiceMatched } }] },
  })
  expect((await asStaff('ann', STATEMENTS)).data).toEqual(state(false))
  const { data } = await asStaff('ann', REGISTER, { input: fapiao({ id: scene.statement.number }) })
  expect(data).toMatchObject({
    registerInvoice: {
      userErrors: [],
      invoice: { status: 'MATCHED', differs: [], partner: { code: scene.member.code }, registeredBy: 'staff:ann' },
    },
  })
  expect((await asStaff('ann', STATEMENTS)).data).toEqual(state(true))
  const { invoice } = (data as { registerInvoice: { invoice: { id: string } } }).registerInvoice
  const credit = { invoice: invoice.id, creditNote: '25317000001234567890', reason: 'wrong buyer' }
  expect(await asStaff('bo', CREDIT, input(credit))).toMatchObject({
    data: { creditInvoice: { invoice: { status: 'CREDITED', creditNote: '25317000001234567890' } } },
  })
})

test('finance alone acts, and systems that bring data in see nothing', async () => {
  const acts: readonly (readonly [string, object])[] = [
    [PROPOSE, input({ partner: scene.member.code, asset: 'CNY/2', details: CHINESE })],
    [VERIFY, input({ account: 'bka_1', number: '12345678', checked: 'x' })],
    [ADD, input({ code: 'third', asset: 'EUR/2', name: 'x', details: GERMAN })],
    [REGISTER, { input: fapiao(scene.statement) }],
    [REQUIRE, { input: { programme: scene.programme } }],
  ]
  for (const role of ['partner-manager', 'compliance', 'ingest'] as const) {
    for (const [mutation, variables] of acts) {
      expect((await asStaff('ann', mutation, variables, role)).codes).toEqual(['FORBIDDEN'])
    }
  }
  for (const query of [LIST, OWN]) expect((await asStaff('ann', query, {}, 'ingest')).codes).toEqual(['FORBIDDEN'])
})
