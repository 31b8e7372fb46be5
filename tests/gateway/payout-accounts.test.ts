import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeDevelopmentToken } from '../../gateway/authenticate/development-token.ts'
import { createClient } from '../../partners/create-client.ts'
import { operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { CHINESE, entered, fresh } from '../ledger/bank-accounts/scene.ts'
import { fapiao, payable } from '../ledger/invoices/scene.ts'
import { useWorld } from '../support/database.ts'
import { accessToken, askPartnerGraph, credentials, keyPair, registerClient, type TestClient } from './clients.ts'
import { startGateway, type TestGateway } from './gateway.ts'
import { steady } from './steady.ts'

const NUMBER = '6222021200112233445'
const PROPOSE = `mutation ($input: ProposeBankAccountInput!) { proposeBankAccount(input: $input) {
  bankAccount { id masked status usableFrom } userErrors { code field message } } }`
const ACCOUNT = 'query ($id: ID!) { bankAccount(id: $id) { id masked status reason } }'
const LIST = '{ bankAccounts(first: 10) { edges { node { id masked } } } }'
const REGISTER = `mutation ($input: RegisterInvoiceInput!) { registerInvoice(input: $input) {
  invoice { id status differs gross { amount } expectedGross { amount } } userErrors { code field message } } }`
const WITHDRAW = `mutation ($input: WithdrawInvoiceInput!) { withdrawInvoice(input: $input) {
  invoice { status } userErrors { code field message } } }`
const INVOICE = 'query ($id: ID!) { invoice(id: $id) { id status } }'
const INVOICES = '{ invoices(first: 10) { edges { node { id } } } }'
const STATEMENT = 'query ($id: ID!) { statement(id: $id) { invoiceRequired invoiceMatched } }'

const world = useWorld()
let gateway: TestGateway
let own: Asked
let strange: Asked
let scene: Awaited<ReturnType<typeof payable>>

/** A partner's client with its token. */
type Asked = { readonly client: TestClient; readonly token: string }

beforeAll(async () => {
  world.clock.set('2026-08-02T00:00:00Z')
  scene = await payable(world)
  gateway = await startGateway(world, { parts: { partner: partnerSchema, operations: operationsSchema } })
  own = await clientOf(scene.member.partner)
  const other = await registerClient(gateway.context, { scopes: ['payouts:write', 'statements:read'] })
  strange = { client: other, token: await accessToken(gateway, other) }
})
afterAll(async () => {
  await gateway.close()
})

async function clientOf(partner: string): Promise<Asked> {
  const [keys, proofKeys] = [await keyPair(), await keyPair()]
  const jwks = { keys: [{ ...keys.publicJwk, kid: 'a' }] }
  const scopes = ['payouts:write' as const, 'statements:read' as const]
  const { id } = await createClient(gateway.context, { partner, name: 'Finance', jwks, scopes })
  const client = { id, partner, keys, proofKeys }
  return { client, token: await accessToken(gateway, client) }
}

async function ask({ client, token }: Asked, query: string, variables: object = {}) {
  const answer = await askPartnerGraph(gateway, await credentials(client, token), { query, variables })
  return steady<{ data: object; errors?: { extensions: { code: string } }[] }>(answer)
}

const proposal = (changes: object = {}) => ({
  input: { asset: 'CNY/2', details: CHINESE, idempotencyKey: fresh(), ...changes },
})

it('a partner enters its account, and reads back no more than the end of its number', async () => {
  const asked = proposal()
  const answer = await ask(own, PROPOSE, asked)
  expect(answer.data).toMatchObject({
    proposeBankAccount: {
      bankAccount: { masked: '****3445', status: 'PROPOSED', usableFrom: null },
      userErrors: [],
    },
  })
  expect(await ask(own, PROPOSE, asked)).toEqual(answer)
  const { data } = await ask(own, LIST)
  expect(data).toMatchObject({ bankAccounts: { edges: [{ node: { masked: '****3445' } }] } })
})

it('what is wrong is told by its path, and never repeated', async () => {
  const details = { ...CHINESE, number: '62220212x0112233445', bankCode: '102100099996' }
  const answer = await ask(own, PROPOSE, proposal({ details }))
  expect(answer.data).toMatchObject({
    proposeBankAccount: {
      bankAccount: null,
      userErrors: [{ code: 'INVALID_INPUT', field: 'details.number', message: expect.any(String) }],
    },
  })
  expect(JSON.stringify(answer)).not.toContain('62220212')
})

it('another partner and its accounts look like none', async () => {
  const theirs = await entered(world.context, strange.client.partner)
  const unknown = `bka_${'0'.repeat(32)}`
  expect(await ask(own, ACCOUNT, { id: theirs.id })).toEqual(await ask(own, ACCOUNT, { id: unknown }))
  expect((await ask(own, ACCOUNT, { id: theirs.id })).data).toEqual({ bankAccount: null })
  const answers = await Promise.all(
    [strange.client.partner, `ptr_${'0'.repeat(32)}`].map(async (partner) => {
      const { data } = await ask(own, PROPOSE, proposal({ partner }))
      return JSON.stringify(data).replaceAll(partner, 'it')
    }),
  )
  expect(answers[0]).toBe(answers[1])
  expect(answers[0]).toContain('"NOT_FOUND"')
})

it('a partner registers its invoice, and nobody else sees it or takes it back', async () => {
  const { statement } = scene
  expect((await ask(own, STATEMENT, { id: statement.id })).data).toEqual({
    statement: { invoiceRequired: false, invoiceMatched: false },
  })
  const input = fapiao(statement)
  const stranger = await ask(strange, REGISTER, { input })
  const unknown = await ask(strange, REGISTER, { input: { ...input, statement: `sta_${'0'.repeat(32)}` } })
  expect(stranger).toEqual(unknown)
  expect(stranger.data).toMatchObject({ registerInvoice: { userErrors: [{ code: 'NOT_FOUND', field: 'statement' }] } })
  const { data } = await ask(own, REGISTER, { input })
  const { invoice } = (data as { registerInvoice: { invoice: { id: string } } }).registerInvoice
  expect(invoice).toMatchObject({ status: 'MATCHED', gross: { amount: '200.00' }, expectedGross: { amount: '200.00' } })
  expect((await ask(own, STATEMENT, { id: statement.id })).data).toMatchObject({ statement: { invoiceMatched: true } })
  const withdrawal = (id: string) => ({ input: { invoice: id, reason: 'mine', idempotencyKey: fresh() } })
  const none = `inv_${'0'.repeat(32)}`
  expect(await ask(strange, INVOICE, { id: invoice.id })).toEqual(await ask(strange, INVOICE, { id: none }))
  expect((await ask(strange, INVOICES)).data).toEqual({ invoices: { edges: [] } })
  expect(await ask(strange, WITHDRAW, withdrawal(invoice.id))).toEqual(await ask(strange, WITHDRAW, withdrawal(none)))
  expect((await ask(own, WITHDRAW, withdrawal(invoice.id))).data).toMatchObject({
    withdrawInvoice: { invoice: { status: 'WITHDRAWN' } },
  })
})

it('a client without the scope, and a member of the staff without the role, are refused', async () => {
  const bare = await registerClient(gateway.context, { scopes: ['statements:read'] })
  const asked = { client: bare, token: await accessToken(gateway, bare) }
  for (const [query, variables] of [[LIST, {}] as const, [PROPOSE, proposal()] as const]) {
    const answer = await ask(asked, query, variables)
    expect(answer.errors?.map(({ extensions: { code } }) => code)).toEqual(['FORBIDDEN'])
  }
  const manager = await makeDevelopmentToken(gateway.context, gateway.settings, {
    ...{ staff: 'pat', roles: ['partner-manager'] },
  })
  const answer = await gateway.fetch('/operations/graphql', {
    method: 'POST',
    headers: { authorization: `Bearer ${manager}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: PROPOSE, variables: proposal({ partner: scene.member.code }) }),
  })
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
})

it('neither records, log, metrics, tables nor kept answers have a number or a holder in the clear', async () => {
  const metrics = await (await gateway.fetch('/metrics')).text()
  const kept = await world.owner<{ text: string }[]>`
    select r.body as text from records r union all select i::text from idempotency_keys i
    union all select b::text from bank_accounts b`
  const everything = [gateway.logged(), metrics, ...kept.map(({ text }) => text)].join('\n')
  expect(everything).toContain('****3445')
  expect(gateway.logged()).toContain('"status":200')
  for (const secret of [NUMBER, CHINESE.number, CHINESE.holder, Buffer.from(NUMBER).toString('hex')]) {
    expect(everything).not.toContain(secret)
  }
})
