import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SCOPES } from '../../../kernel/caller.ts'
import { type Id, type IdPrefix, newId } from '../../../kernel/ids.ts'
import { proposeBankAccount } from '../../../ledger/bank-accounts/propose-bank-account.ts'
import { registerInvoice } from '../../../ledger/invoices/register-invoice.ts'
import { CHINESE } from '../../ledger/bank-accounts/scene.ts'
import { consentTo, defineSettlement, dispute, issued } from '../../ledger/disputes/scene.ts'
import { fapiao } from '../../ledger/invoices/scene.ts'
import { useWorld } from '../../support/database.ts'
import { accessToken, registerClient } from '../clients.ts'
import type { TestGateway } from '../gateway.ts'
import { asPartner, type Insider, type Said, startRealGateway } from './real-gateway.ts'

const world = useWorld()
let gateway: TestGateway
let stranger: Insider
/** Ids of things that are another partner's. */
const theirs: Partial<Record<IdPrefix, Id<IdPrefix>>> = {}

beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineSettlement(world)
  const scene = await issued(world)
  const { member, statement, customers } = scene
  await consentTo(world, member, customers[0] ?? '')
  theirs.sta = statement.id
  theirs.dsp = (await dispute(world, scene)).id
  const owner = member.partner
  theirs.inv = (await registerInvoice(world.context, { ...fapiao(statement, { issuedOn: '2026-03-01' }), owner })).id
  const account = { asset: 'CNY/2', details: CHINESE, idempotencyKey: 'theirs', owner }
  theirs.bka = (await proposeBankAccount(world.context, account)).id
  for (const [prefix, table, column] of [
    ['cns', 'consents', 'id'],
    ['rec', 'statements', 'record_id'],
  ] as const) {
    const [row] = await world.owner<{ id: string }[]>`
      select ${world.owner(column)} as id from ${world.owner(table)} where partner_id = ${uuid(owner)} limit 1`
    theirs[prefix] = `${prefix}_${String(row?.id).replaceAll('-', '')}`
  }
  const client = await registerClient(gateway.context, { scopes: [...SCOPES] })
  stranger = { client, token: await accessToken(gateway, client) }
}, 60_000)
afterAll(() => gateway.close())

const uuid = (id: string): string => id.slice(4)
const key = 'idempotencyKey: "k"'

/** Everything by which a partner names a thing by its id. */
const DOORS: readonly (readonly [prefix: IdPrefix, document: string])[] = [
  ['sta', '{ statement(id: "ID") { id payout { minor } } }'],
  ['inv', '{ invoice(id: "ID") { id } }'],
  ['bka', '{ bankAccount(id: "ID") { id masked } }'],
  ['rec', '{ record(id: "ID") { id } }'],
  ['cns', '{ consentReceipts(consentId: "ID") { status } }'],
  ['sta', `mutation { acceptStatement(input: { ${key}, statement: "ID" }) { userErrors { code field message } } }`],
  [
    'sta',
    `mutation { disputeStatement(input: { ${key}, statement: "ID", reason: "x" }) { userErrors { code field message } } }`,
  ],
  ['dsp', `mutation { withdrawDispute(input: { ${key}, dispute: "ID" }) { userErrors { code field message } } }`],
  [
    'sta',
    `mutation { registerInvoice(input: { ${key}, statement: "ID", kind: OTHER, number: "1", issuedOn: "2026-03-03",
      gross: "1.00", vat: "0.00" }) { userErrors { code field message } } }`,
  ],
  [
    'inv',
    `mutation { withdrawInvoice(input: { ${key}, invoice: "ID", reason: "x" }) { userErrors { code field message } } }`,
  ],
  [
    'inv',
    `mutation { creditInvoice(input: { ${key}, invoice: "ID", creditNote: "1", reason: "x" }) {
      userErrors { code field message } } }`,
  ],
]

describe("another partner's things", () => {
  it.each(DOORS)('by id of %s look as if there were none: %s', async (prefix, document) => {
    const before = await changes()
    const [known, unknown] = [theirs[prefix] ?? '', newId(prefix)]
    expect(known).not.toBe('')
    const foreign = blind(known, await asPartner(gateway, stranger, document.replace('ID', known)))
    const none = blind(unknown, await asPartner(gateway, stranger, document.replace('ID', unknown)))
    expect(foreign).toEqual(none)
    expect(JSON.stringify(foreign)).not.toMatch(/minor|masked/)
    expect(await changes()).toBe(before)
  })

  it('are in no list', async () => {
    const { body } = await asPartner(
      gateway,
      stranger,
      `{ disputes(first: 10) { edges { node { id } } } invoices(first: 10) { edges { node { id } } }
        bankAccounts(first: 10) { edges { node { id } } } contributions(first: 10) { edges { node { id } } }
        customers(purpose: "SETTLEMENT", first: 10) { edges { node { subject } } }
        statements(first: 10) { edges { node { id } } } agreements(first: 10) { edges { node { id } } } }`,
    )
    const data = body['data'] as Record<string, { readonly edges: readonly unknown[] }>
    expect(Object.values(data).flatMap(({ edges }) => edges)).toEqual([])
    expect(Object.keys(data)).toHaveLength(7)
  })

  it('are reached by no other way: there is no node for any id', async () => {
    const { body } = await asPartner(gateway, stranger, `{ node(id: "${theirs.sta}") { id } }`)
    expect(body['data']).toBeUndefined()
    expect(body['errors']).toMatchObject([{ message: expect.stringContaining('Cannot query field "node"') }])
  })
})

/** An answer without the id that was asked for, and without what differs in every answer. */
function blind(id: string, { status, body }: Said): unknown {
  const text = JSON.stringify(body).replaceAll(id, 'ID')
  return { status, body: JSON.parse(text, (name, value) => (name === 'requestId' ? undefined : value)) }
}

/** How many records there are: what is refused changes nothing. */
async function changes(): Promise<string | undefined> {
  const [row] = await world.owner<{ count: string }[]>`select count(*) from records`
  return row?.count
}
