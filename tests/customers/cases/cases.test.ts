import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { closeCase, openCase } from '../../../customers/cases/open-case.ts'
import { lookAtCustomer } from '../../../customers/cases/read-case.ts'
import { eraseCustomer } from '../../../customers/erase-customer.ts'
import type { Context } from '../../../database/context.ts'
import type { DevelopmentPerson } from '../../../gateway/authenticate/development-token.ts'
import type { StaffRole } from '../../../kernel/caller.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { askAsPerson, type PersonAnswer } from '../../gateway/as-person.ts'
import { startRealGateway } from '../../gateway/attacks/real-gateway.ts'
import type { TestGateway } from '../../gateway/gateway.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { useWorld } from '../../support/database.ts'
import { customer, defineCatalogue } from '../factories.ts'

const world = useWorld()
let gateway: TestGateway

beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineCatalogue(gateway.context)
})
afterAll(() => gateway.close())

async function ask(person: DevelopmentPerson, query: string): Promise<PersonAnswer> {
  return (await askAsPerson(gateway, person, { query })).body
}
const ann = (query: string, roles: readonly StaffRole[] = ['compliance']) => ask({ staff: 'ann', roles }, query)
const bo = (query: string) => ask({ staff: 'bo', roles: ['compliance'] }, query)

const open = (account: string, reason = 'a complaint of the third of May') =>
  `mutation { openCase(input: { accountKey: "${account}", reason: "${reason}", idempotencyKey: "${randomUUID()}" }) {
    case { id openedAt endsAt } userErrors { code field } } }`
const look = (id: string) => `{ customerOfCase(case: "${id}") { key value } }`

async function opened(account: string): Promise<string> {
  const { data } = await ann(open(account))
  return (data as { openCase: { case: { id: string } } }).openCase.case.id
}

function as(name: string): Context {
  return { ...gateway.context, actor: `staff:${name}` }
}

test('whoever opened a case sees the customer for an hour, and the customer sees that', async () => {
  const account = await customer(world.owner, { age: '51', assets: '1000.00' })
  expect(await ask({ customer: account }, '{ staffReads(first: 5) { edges { node { at } } } }')).toEqual({
    data: { staffReads: { edges: [] } },
  })
  const id = await opened(account)
  const { data } = await ann(look(id))
  expect(data).toEqual({
    customerOfCase: expect.arrayContaining([
      { key: 'age', value: '51' },
      { key: 'risk_level', value: 'C3' },
    ]),
  })
  const seen = '{ staffReads(first: 5) { edges { node { at tags case record } } } }'
  expect(await ask({ customer: account }, seen)).toMatchObject({
    data: { staffReads: { edges: [{ node: { case: id, tags: expect.arrayContaining(['age', 'risk_level']) } }] } },
  })
  // another customer sees nothing of it, and no customer who looked
  const other = await customer(world.owner)
  expect(await ask({ customer: other }, seen)).toEqual({ data: { staffReads: { edges: [] } } })
  expect((await ask({ customer: account }, seen.replace('at tags', 'by'))).errors).toBeDefined()
  expect(await bo('{ staffReads(first: 1) { edges { node { by case } } } }')).toMatchObject({
    data: { staffReads: { edges: [{ node: { by: 'staff:ann', case: id } }] } },
  })
  // the record of the log names nobody in the clear
  const [record] = await world.owner<
    { body: string }[]
  >`select body from records where kind = 'staff_case' order by id desc limit 1`
  expect(record?.body).not.toMatch(new RegExp(`${account}|complaint`))
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})

test('nobody else sees anything: not another officer, not after the hour, not without a case', async () => {
  const account = await customer(world.owner)
  const id = await opened(account)
  const nothing = (answer: PersonAnswer) => answer.errors?.[0]?.extensions.code
  expect(nothing(await bo(look(id)))).toBe('NOT_FOUND')
  expect(nothing(await ann(look(`cas_${'0'.repeat(32)}`)))).toBe('NOT_FOUND')
  expect(nothing(await ann(look(id), ['partner-manager', 'finance']))).toBe('FORBIDDEN')
  expect((await ann(open(account), ['partner-manager'])).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  expect((await ann(open('nobody'))).data).toMatchObject({
    openCase: { case: null, userErrors: [{ code: 'NOT_FOUND' }] },
  })
  await world.owner`
    update staff_cases set opened_at = opened_at - interval '1 hour', ends_at = ends_at - interval '1 hour'
    where id = ${uuidOf(id as 'cas_')}`
  expect(nothing(await ann(look(id)))).toBe('NOT_FOUND')
  expect(await world.owner`select from staff_reads where case_id = ${uuidOf(id as 'cas_')}`).toEqual([])
  await world.owner`
    update staff_cases set opened_at = opened_at + interval '1 hour', ends_at = ends_at + interval '1 hour'
    where id = ${uuidOf(id as 'cas_')}`
})

test('no look that begins after a case was closed sees anything, and each that saw something left its trace', async () => {
  const account = await customer(world.owner)
  const { id } = await openCase(as('ann'), { accountKey: account, reason: 'r', idempotencyKey: randomUUID() })
  let closed = false
  let late = 0
  let seen = 0
  const looking = Array.from({ length: 4 }, async () => {
    for (let n = 0; n < 15; n++) {
      const begunAfter = closed
      const found = await lookAtCustomer(as('ann'), { case: id }).catch(() => undefined)
      if (found !== undefined) seen++
      if (found !== undefined && begunAfter) late++
    }
  })
  await new Promise((resolve) => setTimeout(resolve, 30))
  const closing = await Promise.allSettled(
    [1, 2].map(() => closeCase(as('ann'), { case: id, idempotencyKey: randomUUID() })),
  )
  closed = true
  await Promise.all(looking)
  expect(closing.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(late).toBe(0)
  expect(await world.owner`select from staff_reads where case_id = ${uuidOf(id)}`).toHaveLength(seen)
  expect(
    await world.owner`select from records r join staff_reads s on s.record_id = r.id where s.case_id = ${uuidOf(id)}`,
  ).toHaveLength(seen)
})

test('a look cannot be undone, and stays when the customer is erased, without the reason', async () => {
  const account = await customer(world.owner)
  const { id } = await openCase(as('ann'), {
    accountKey: account,
    reason: 'a secret reason',
    idempotencyKey: randomUUID(),
  })
  await lookAtCustomer(as('ann'), { case: id })
  await expect(gateway.context.database.transaction((tx) => tx`delete from staff_reads`)).rejects.toThrow()
  await eraseCustomer(gateway.context, { accountKey: account, reason: 'asked for' }, async () => {})
  expect(await world.owner`select reason from staff_cases where id = ${uuidOf(id)}`).toEqual([{ reason: null }])
  expect(await world.owner`select from staff_reads where case_id = ${uuidOf(id)}`).toHaveLength(1)
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
  // a row that says that nobody looked is found
  await behindGuards(world.owner, `delete from staff_reads where case_id = '${uuidOf(id)}'`)
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).not.toEqual([])
})
