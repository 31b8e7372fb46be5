import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DevelopmentPerson } from '../../gateway/authenticate/development-token.ts'
import type { StaffRole } from '../../kernel/caller.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { customer, defineCatalogue } from '../customers/factories.ts'
import { useWorld } from '../support/database.ts'
import { askAsPerson } from './as-person.ts'
import { giveConsent, letIn } from './attacks/given-consent.ts'
import { asPartner, type Insider, startRealGateway } from './attacks/real-gateway.ts'
import { Browser, hidden } from './browser.ts'
import type { TestGateway } from './gateway.ts'

const world = useWorld()
let gateway: TestGateway
let insider: Insider
let code: string
beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineCatalogue(gateway.context)
  insider = await letIn(gateway)
  code = (await findPartner(gateway.context, insider.client.partner))?.code ?? ''
})
afterAll(() => gateway.close())

async function ask(person: DevelopmentPerson, query: string, variables: object = {}) {
  return (await askAsPerson(gateway, person, { query, variables })).body
}
const staff = (name: string, role: StaffRole) => ({ staff: name, roles: [role] })

/** One mutation with its payload, or the code of its refusal. */
async function change(person: DevelopmentPerson, verb: string, input: object, fields = 'id status') {
  const type = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { ${verb}(input: $input) { complaint { ${fields} } userErrors { code field } } }`
  const { data, errors } = await ask(person, query, { input: { ...input, idempotencyKey: randomUUID() } })
  const said = data?.[verb] as { readonly complaint: { readonly id: string } | null } | undefined
  return { complaint: null, ...said, refused: errors?.[0]?.extensions.code }
}

it('a complaint goes from the customer by the staff back to the customer, and the partner learns not whose it is', async () => {
  const { accountKey } = await giveConsent(gateway, insider, { account: () => customer(world.owner) })
  const who = { customer: accountKey }
  const input = { partner: code, category: 'DATA', text: 'My age was asked for twice.' }
  const made = await change(who, 'complain', input, 'id status category text answer dueAt partner { code name }')
  expect(made).toMatchObject({ userErrors: [], complaint: { status: 'RECEIVED', answer: null, partner: { code } } })
  const complaint = made.complaint?.id
  const stranger = { customer: await customer(world.owner) }
  expect(await change(stranger, 'complain', input)).toMatchObject({
    complaint: null,
    userErrors: [{ code: 'NOT_FOUND' }],
  })
  expect(await change(stranger, 'withdrawComplaint', { complaint })).toMatchObject({
    userErrors: [{ code: 'NOT_FOUND' }],
  })

  const take = { ...input, customer: accountKey }
  expect(await change(staff('fay', 'finance'), 'takeComplaint', take)).toMatchObject({ refused: 'FORBIDDEN' })
  const ann = staff('ann', 'partner-manager')
  const taken = await change(ann, 'takeComplaint', take, 'id complainant takenBy')
  expect(taken).toMatchObject({ complaint: { complainant: 'CUSTOMER', takenBy: 'staff:ann' } })
  const ben = staff('ben', 'compliance')
  for (const one of [complaint, taken.complaint?.id]) {
    const assigned = await change(
      ann,
      'assignComplaint',
      { complaint: one, to: 'ann', severity: 'LOW' },
      'id status severity',
    )
    expect(assigned).toMatchObject({ complaint: { status: 'WORKING', severity: 'LOW' } })
  }
  const verdict = { outcome: 'UPHELD', answer: 'It was.', remedy: 'The form asks once.' }
  expect(await change(ann, 'decideComplaint', { ...verdict, complaint: taken.complaint?.id })).toMatchObject({
    refused: 'FORBIDDEN',
  })
  expect(await change(ben, 'decideComplaint', { ...verdict, complaint })).toMatchObject({
    complaint: { status: 'UPHELD' },
  })
  expect(await change(ann, 'withdrawComplaint', { complaint: taken.complaint?.id })).toMatchObject({
    complaint: { status: 'WITHDRAWN' },
  })

  const mine = '{ myComplaints(first: 5) { edges { node { id status text answer remedy decidedAt } } } }'
  expect((await ask(who, mine)).data).toMatchObject({
    myComplaints: { edges: [{}, { node: { id: complaint, status: 'UPHELD', answer: 'It was.' } }] },
  })
  expect((await ask(stranger, mine)).data).toEqual({ myComplaints: { edges: [] } })

  const about = `complaints(first: 5, status: UPHELD) { edges { node { id category severity status remedy partner { code } } } }`
  const told = await asPartner(gateway, insider, `{ ${about} }`)
  expect(told.body).toMatchObject({
    data: { complaints: { edges: [{ node: { id: complaint, remedy: 'The form asks once.', partner: { code } } }] } },
  })
  const other = await letIn(gateway)
  expect((await asPartner(gateway, other, `{ ${about} }`)).body).toMatchObject({ data: { complaints: { edges: [] } } })
  for (const secret of ['text', 'answer', 'complainant', 'takenBy', 'record']) {
    const asked = await asPartner(gateway, insider, `{ complaints(first: 1) { edges { node { ${secret} } } } }`)
    expect(asked.body).toMatchObject({ errors: [{ message: expect.stringContaining(secret) }] })
  }
  const all = `{ complaints(first: 5, partner: "${code}") { edges { node { id text complainant } } } complaint(id: "${complaint}") { text } }`
  expect((await ask(ben, all)).data).toMatchObject({ complaint: { text: input.text }, complaints: { edges: [{}, {}] } })
  expect((await ask(staff('fay', 'finance'), all)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
})

it('the page takes a complaint without a script, once, and shows what became of it, in both languages', async () => {
  const { accountKey } = await giveConsent(gateway, insider, { account: () => customer(world.owner) })
  const browser = new Browser(gateway)
  const start = await browser.get('/consent/mine')
  const list = await browser.post('/consent/mine/sign-in', [
    ['token', hidden(start, 'token')],
    ['account', accountKey],
  ])
  expect(list.text).toContain('href="/consent/mine/complaints"')
  const page = await browser.get(`/consent/mine/complaints?partner=${code}`)
  expect(page.text).toContain(`<option value="${code}" selected>`)
  const form = (...more: readonly (readonly [string, string])[]) =>
    [['token', hidden(page, 'token')], ['key', hidden(page, 'key')], ...more] as const
  const fields = form(['partner', code], ['category', 'CONDUCT'], ['text', 'They <b>called</b>\r\nme.'])
  const sent = await Promise.all([1, 2, 3].map(() => browser.copy().post('/consent/mine/complaints', fields)))
  expect(sent.map(({ status }) => status)).toEqual([200, 200, 200])
  const seen = await browser.get('/consent/mine/complaints')
  expect(seen.text.match(/class="state"/g)).toHaveLength(1)
  expect(seen.text).toContain('They &#60;b&#62;called&#60;/b&#62;\nme.')
  expect((await browser.get('/consent/mine/complaints?lang=zh-CN')).text).toContain('已收到')
  await browser.get('/consent/mine/complaints?lang=en')
  for (const wrong of [
    form(['partner', code], ['category', 'NONE'], ['text', 'x']),
    form(['partner', code], ['category', 'DATA'], ['text', ' ']),
  ]) {
    const refused = await browser.post('/consent/mine/complaints', wrong)
    expect(refused).toMatchObject({ status: 422, text: expect.stringContaining('Choose about whom') })
  }
  const foreign = form(['partner', 'nobody'], ['category', 'DATA'], ['text', 'x'])
  expect((await browser.post('/consent/mine/complaints', foreign)).status).toBe(404)
  const address = /action="([^"]*\/withdraw)"/.exec(seen.text)?.[1] ?? ''
  const withdrawn = await browser.post(address, [
    ['token', hidden(seen, 'token')],
    ['key', hidden(seen, 'key')],
  ])
  expect(withdrawn).toMatchObject({ status: 200, address: '/consent/mine/complaints' })
  expect(withdrawn.text).toContain('Withdrawn')
})
