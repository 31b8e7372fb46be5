import { beforeAll, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { creditInvoice } from '../../../ledger/invoices/credit-invoice.ts'
import { findInvoiceStates } from '../../../ledger/invoices/find-invoice-states.ts'
import { listInvoices } from '../../../ledger/invoices/list-invoices.ts'
import { registerInvoice } from '../../../ledger/invoices/register-invoice.ts'
import { requireInvoices } from '../../../ledger/invoices/require-invoices.ts'
import { withdrawInvoice } from '../../../ledger/invoices/withdraw-invoice.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { useWorld } from '../../support/database.ts'
import { as, fresh } from '../bank-accounts/scene.ts'
import { memberOf } from '../settlement/corrections/scene.ts'
import { fapiao, freshNumber, payable } from './scene.ts'

const world = useWorld()
let scene: Awaited<ReturnType<typeof payable>>

beforeAll(async () => {
  world.clock.set('2026-08-02T00:00:00Z')
})
const made = async () => {
  scene = await payable(world)
  return scene
}
const ann = () => as(world.context, 'ann')
const asPartner = () => ({ ...world.context, actor: `partner:${scene.member.partner}` as const })
const owned = () => ({ owner: scene.member.partner })
const stateNow = async () => (await findInvoiceStates(world.context, [scene.statement.id])).get(scene.statement.id)
const why = () => ({ reason: 'typed wrongly', idempotencyKey: fresh() })

describe('an invoice that says what its statement says', () => {
  test('matches, whoever registers it, and the statement has what it waits for', async () => {
    const { statement, programme } = await made()
    expect(statement).toMatchObject({ payout: 20_000n, vat: 1200n })
    expect(await stateNow()).toEqual({ required: false, matched: false })
    await requireInvoices(ann(), { programme, from: '2026-02' })
    expect(await stateNow()).toEqual({ required: true, matched: false })
    const invoice = await registerInvoice(asPartner(), { ...fapiao(statement), ...owned() })
    expect(invoice).toMatchObject({ status: 'MATCHED', gross: 20_000n, vat: 1200n, differs: [] })
    expect(invoice.registeredBy).toBe(`partner:${scene.member.partner}`)
    expect(await stateNow()).toEqual({ required: true, matched: true })
  })

  test('has one effect for one key, and another amount under the same key is refused', async () => {
    const { statement } = await made()
    const input = fapiao(statement)
    const [one, two] = await Promise.all([registerInvoice(ann(), input), registerInvoice(ann(), input)])
    expect(two).toEqual(one)
    expect(await registerInvoice(ann(), { ...input, statement: statement.number })).toEqual(one)
    await expect(registerInvoice(ann(), { ...input, vat: '12.01' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
  })

  test('is the only one: of two that come at once one matches', async () => {
    const { statement } = await made()
    const ends = await Promise.allSettled([
      registerInvoice(ann(), fapiao(statement)),
      registerInvoice(asPartner(), { ...fapiao(statement), ...owned() }),
    ])
    expect(ends.map((end) => (end.status === 'rejected' ? end.reason.code : end.value.status)).sort()).toEqual([
      'DUPLICATE',
      'MATCHED',
    ])
  })
})

describe('an invoice that says something else', () => {
  test.each([
    [{ gross: '200.01' }, ['GROSS']],
    [{ vat: '11.99' }, ['VAT']],
    [{ gross: '212.00', vat: '0' }, ['GROSS', 'VAT']],
    [{ asset: 'USD/2' }, ['ASSET']],
  ])('is kept with what differs: %j', async (change, differs) => {
    const { statement } = await made()
    const invoice = await registerInvoice(ann(), fapiao(statement, change))
    expect(invoice).toMatchObject({ status: 'DIFFERS', differs })
    expect(invoice.expected).toMatchObject({ asset: 'CNY/2', vat: 1200n })
    expect(await stateNow()).toMatchObject({ matched: false })
  })
})

describe('a number', () => {
  test('is used once by a partner, and is free again when it was withdrawn', async () => {
    const { statement } = await made()
    const wrong = fapiao(statement, { gross: '20.00' })
    const { id: invoice } = await registerInvoice(ann(), wrong)
    const right = { ...wrong, gross: '200.00', idempotencyKey: fresh() }
    await expect(registerInvoice(ann(), right)).rejects.toMatchObject({ code: 'DUPLICATE' })
    expect(await withdrawInvoice(ann(), { invoice, ...why() })).toMatchObject({
      ...{ status: 'WITHDRAWN', differs: ['GROSS'], reason: 'typed wrongly' },
    })
    expect(await registerInvoice(ann(), right)).toMatchObject({ status: 'MATCHED' })
  })

  test('stays used when a red-letter invoice took the invoice back, and the statement waits again', async () => {
    const { statement } = await made()
    const first = fapiao(statement)
    const { id: invoice } = await registerInvoice(asPartner(), { ...first, ...owned() })
    const credit = { invoice, creditNote: '25317000001234567890', ...why() }
    expect(await creditInvoice(asPartner(), { ...credit, ...owned() })).toMatchObject({ status: 'CREDITED' })
    expect(await stateNow()).toMatchObject({ matched: false })
    const again = registerInvoice(ann(), { ...first, idempotencyKey: fresh() })
    await expect(again).rejects.toMatchObject({ code: 'DUPLICATE' })
    expect(await registerInvoice(ann(), fapiao(statement))).toMatchObject({ status: 'MATCHED' })
  })

  test('of two partners may be the same, but for a fapiao, whose number the tax office gave to one of them', async () => {
    const { statement } = await made()
    const number = freshNumber()
    const foreign = { kind: 'OTHER', code: undefined, number: `R-${number}` } as const
    await registerInvoice(ann(), fapiao(statement, { number }))
    const { statement: other } = await made()
    const again = registerInvoice(ann(), fapiao(other, { number }))
    await expect(again).rejects.toMatchObject({ code: 'DUPLICATE' })
    expect(await registerInvoice(ann(), fapiao(other, foreign))).toMatchObject({ status: 'MATCHED' })
    const { statement: third } = await made()
    expect(await registerInvoice(ann(), fapiao(third, foreign))).toMatchObject({ status: 'MATCHED' })
  })
})

describe('taking back is refused', () => {
  test('to the other side, to another partner, and twice', async () => {
    const { statement, programme } = await made()
    const { id: invoice } = await registerInvoice(asPartner(), { ...fapiao(statement), ...owned() })
    const { partner: stranger } = await memberOf(world, programme)
    const as = { ...world.context, actor: `partner:${stranger}` as const }
    await expect(withdrawInvoice(ann(), { invoice, ...why() })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    for (const unknown of [invoice, 'inv_1']) {
      const asked = withdrawInvoice(as, { invoice: unknown, ...why(), owner: stranger })
      await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'there is no such invoice' })
    }
    await withdrawInvoice(asPartner(), { invoice, ...why(), ...owned() })
    const again = creditInvoice(asPartner(), { invoice, creditNote: 'x', ...why(), ...owned() })
    await expect(again).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('once money of the statement is on its way', async () => {
    const { statement } = await made()
    const { id: invoice } = await registerInvoice(ann(), fapiao(statement))
    await behindGuards(
      world.owner,
      `insert into payout_claims (round_id, index, statement_id, partner_id, account, amount, salt, proof)
       values (gen_random_uuid(), 0, '${uuidOf(statement.id)}', '${uuidOf(statement.partner)}', '0x', 1,
         decode(repeat('00', 32), 'hex'), '')`,
    )
    await expect(withdrawInvoice(ann(), { invoice, ...why() })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await behindGuards(world.owner, 'delete from payout_claims')
    await expect(withdrawInvoice(ann(), { invoice, ...why() })).resolves.toMatchObject({ status: 'WITHDRAWN' })
  })
})

test.each([
  [{ statement: 'sta_1' }, 'NOT_FOUND', 'statement'],
  [{ kind: 'BILL' }, 'INVALID_INPUT', 'kind'],
  [{ number: '1234567' }, 'INVALID_INPUT', 'number'],
  [{ code: null }, 'INVALID_INPUT', 'code'],
  [{ kind: 'DIGITAL_FAPIAO', code: null }, 'INVALID_INPUT', 'number'],
  [{ kind: 'DIGITAL_FAPIAO', number: '25317000001234567890' }, 'INVALID_INPUT', 'code'],
  [{ kind: 'OTHER', code: null, number: 'R'.repeat(36) }, 'INVALID_INPUT', 'number'],
  [{ issuedOn: '2026-02-30' }, 'INVALID_INPUT', 'issuedOn'],
  [{ issuedOn: '2026-08-04' }, 'INVALID_INPUT', 'issuedOn'],
  [{ issuedOn: '0000-01-01' }, 'INVALID_INPUT', 'issuedOn'],
  [{ gross: '0' }, 'INVALID_INPUT', 'gross'],
  [{ gross: '1.001' }, 'INVALID_INPUT', undefined],
  [{ vat: '-1' }, 'INVALID_INPUT', 'vat'],
  [{ gross: '9'.repeat(30) }, 'INVALID_INPUT', 'gross'],
  [{ asset: 'YUAN' }, 'INVALID_INPUT', 'asset'],
  [{ paid: true }, 'INVALID_INPUT', 'paid'],
])('what is no invoice is refused: %j', async (change, code, field) => {
  const { statement } = scene ?? (await made())
  const input = fapiao(statement, change)
  await expect(registerInvoice(ann(), input)).rejects.toMatchObject({ code, field })
})

test('a digitalised number is read with its spaces, and an invoice of another country as it is', async () => {
  const { statement } = await made()
  const digital = { kind: 'DIGITAL_FAPIAO', code: undefined, number: '2531 7000 0012 3456 7890', vat: '1' }
  expect(await registerInvoice(ann(), fapiao(statement, digital))).toMatchObject({ number: '25317000001234567890' })
  const other = { kind: 'OTHER', code: undefined, number: 're-2026/7' }
  expect(await registerInvoice(ann(), fapiao(statement, other))).toMatchObject({ number: 'RE-2026/7', code: '' })
  const { edges } = await listInvoices(world.context, { statement: statement.id, page: { first: 5 } })
  expect(edges.map(({ node: { status } }) => status)).toEqual(['MATCHED', 'DIFFERS'])
  expect((await listInvoices(world.context, { statement: 'sta_1', page: { first: 5 } })).edges).toEqual([])
})

test('a programme says from which month on it asks, takes it back, and the last word holds', async () => {
  const { programme } = await made()
  const said = [await requireInvoices(ann(), { programme, from: '2026-03' })]
  expect(await stateNow()).toMatchObject({ required: false })
  said.push(await requireInvoices(ann(), { programme, from: '2026-01' }))
  said.push(await requireInvoices(ann(), { programme, from: '2026-01' }))
  expect(said.map(({ version }) => version)).toEqual([1, 2, 2])
  expect(await stateNow()).toMatchObject({ required: true })
  // nothing paid, nothing asked for
  const nothing = await payable(world, { commission: 1 })
  await requireInvoices(ann(), { programme: nothing.programme, from: '2026-01' })
  const { id } = nothing.statement
  expect((await findInvoiceStates(world.context, [id])).get(id)).toMatchObject({ required: false })
  await requireInvoices(ann(), { programme })
  expect(await stateNow()).toMatchObject({ required: false })
  await expect(requireInvoices(ann(), { programme, from: '2026-13' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(requireInvoices(world.context, { programme })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(requireInvoices(ann(), { programme: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('the tables are what the records say, and a change behind their back shows', async () => {
  const { statement } = await made()
  await registerInvoice(ann(), fapiao(statement))
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
  await behindGuards(world.owner, `update invoices set gross = 1 where statement_id = '${uuidOf(statement.id)}'`)
  const [found] = await verifyProjections(world.context, { projectors: PROJECTORS })
  expect(found).toMatchObject({ what: 'its gross is not what its records say' })
  const change = world.context.database.transaction((tx) => tx`update invoices set gross = 2`)
  await expect(change).rejects.toThrow()
})
