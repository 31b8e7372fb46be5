import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import type { Consent } from '../../../customers/consent.ts'
import { eraseCustomer } from '../../../customers/erase-customer.ts'
import { rotateSubjects } from '../../../customers/subjects/rotate-subjects.ts'
import { sweepFormer } from '../../../customers/subjects/sweep-former.ts'
import { openDatabase } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import type { StaffRole } from '../../../kernel/caller.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { findPartner } from '../../../partners/find-partner.ts'
import { goLive } from '../../../partners/go-live.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { askAsPerson } from '../../gateway/as-person.ts'
import { asPartner, type Insider, startRealGateway } from '../../gateway/attacks/real-gateway.ts'
import { accessToken, registerClient } from '../../gateway/clients.ts'
import type { TestGateway } from '../../gateway/gateway.ts'
import { contextOver, useWorld } from '../../support/database.ts'
import { customer, defineCatalogue, grant } from '../factories.ts'

const world = useWorld()
let gateway: TestGateway
let bank: Insider
let party: never

beforeAll(async () => {
  gateway = await startRealGateway(world)
  await defineCatalogue(gateway.context)
  const client = await registerClient(gateway.context, { scopes: ['customers:read', 'contributions:write'] })
  await goLive(gateway.context, { partner: client.partner })
  bank = { client, token: await accessToken(gateway, client) }
  party = { partner: await findPartner(gateway.context, client.partner) } as never
})
afterAll(() => gateway.close())

function officer(context: Context = gateway.context): Context {
  return { ...context, actor: 'staff:bo' }
}

async function given(): Promise<Consent & { readonly account: string }> {
  const account = await customer(world.owner)
  return { ...(await grant(gateway.context, party, account)), account }
}

async function rotate(context = officer(), overlapDays = 30) {
  return rotateSubjects(context, {
    ...{ partner: bank.client.partner, reason: 'its list of customers was found elsewhere' },
    ...{ overlapDays, idempotencyKey: randomUUID() },
  })
}

async function age(subject: string): Promise<unknown> {
  const query = `{ customer(subject: "${subject}", purpose: "CREDIT") { tags { value } } }`
  const { body } = await asPartner(gateway, bank, query)
  const { customer: found } = body['data'] as { customer: { tags: { value: string }[] } | null }
  return found?.tags[0]?.value ?? null
}

async function names(): Promise<{ former: string; subject: string }[]> {
  const { body } = await asPartner(
    gateway,
    bank,
    '{ renamedSubjects(first: 100) { edges { node { former subject until } } } }',
  )
  const { renamedSubjects } = body['data'] as {
    renamedSubjects: { edges: { node: { former: string; subject: string } }[] }
  }
  return renamedSubjects.edges.map(({ node }) => node)
}

const subjectNow = async (consent: Consent): Promise<string> => {
  const [row] = await world.owner<{ subject: string }[]>`
    select subject from consent_subjects where consent_id = ${uuidOf(consent.id)}`
  return row?.subject ?? ''
}

test('a partner’s customers have new names, the former ones are understood for a while, and the list joins the two', async () => {
  const [one, other] = [await given(), await given()]
  const rotated = await rotate()
  expect(rotated).toMatchObject({ generation: 2, customers: 2 })
  const now = await subjectNow(one)
  expect(now).not.toBe(one.subject)
  expect([await age(one.subject), await age(now)]).toEqual(['44', '44'])
  expect((await names()).map(({ former }) => former).toSorted()).toEqual([one.subject, other.subject].toSorted())
  expect((await names()).find(({ former }) => former === one.subject)?.subject).toBe(now)
  // whoever comes now has a name of the new kind, and pages give the new ones
  const later = await given()
  const { body } = await asPartner(
    gateway,
    bank,
    '{ customers(purpose: "CREDIT", first: 10) { edges { node { subject } } } }',
  )
  const { customers } = body['data'] as { customers: { edges: { node: { subject: string } }[] } }
  const listed = customers.edges.map(({ node: { subject } }) => subject)
  expect(listed.toSorted()).toEqual([now, await subjectNow(other), later.subject].toSorted())
  // what is reported by a former name is of the same customer
  const item = { kind: 'REFERRAL', occurredAt: new Date().toISOString(), quantity: '1' }
  const caller = {
    kind: 'partner',
    partner: bank.client.partner,
    client: bank.client.id,
    scopes: new Set(['contributions:write']),
    requestId: 'r',
  } as never
  const reported = await reportContributions(gateway.context, {
    caller,
    items: [
      { ...item, externalId: 'by-former', subject: one.subject },
      { ...item, externalId: 'by-new', subject: now },
    ],
  })
  expect(reported.map(({ outcome }) => outcome)).toEqual(['recorded', 'recorded'])
  expect(
    await world.owner`select count(distinct customer_id)::int as customers from contributions where external_id like 'by-%'`,
  ).toEqual([{ customers: 1 }])
  // when the time is over the former name is as unknown as one that never was
  await world.owner`update former_subjects set ends_at = now()`
  expect([await age(one.subject), await age('sub_nobody'), await age(now)]).toEqual([null, null, '44'])
  expect(await names()).toEqual([])
  expect(await sweepFormer(gateway.context)).toBe(2)
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})

test('reads go on under either name while all are renamed, and two officers rename once', async () => {
  const people = await Promise.all(Array.from({ length: 30 }, given))
  const databases = [1, 2].map((n) => openDatabase(world.address, `tributary:tests:rotation${n}`, 3))
  let done = false
  const values: unknown[] = []
  const reading = (async () => {
    for (let n = 0; !done || n < 10; n++) values.push(await age(people[n % people.length]?.subject ?? ''))
  })()
  const before = await generation()
  const rotated = await Promise.all(
    databases.map((database) => rotate(officer({ ...contextOver(database, gateway.context.clock) }))),
  )
  done = true
  await reading
  await Promise.all(databases.map((database) => database.close()))
  expect(values.every((value) => value === '44')).toBe(true)
  // the second either joined the first, or came after it
  expect(await generation()).toBe(Math.max(...rotated.map((each) => each.generation)))
  expect((await generation()) - before).toBeLessThanOrEqual(2)
  const left =
    await world.owner`select from subjects where partner_id = ${bank.client.partner.slice(4)}::uuid and key_version < ${await generation()}`
  expect(left).toHaveLength(0)
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})

test('one that was broken off is finished by the next, with the overlap that it had', async () => {
  await given()
  const { generation: now, overlapEndsAt } = await rotate(officer(), 5)
  // as if the last of them had not been renamed
  await world.owner`
    update subjects set key_version = ${now - 1} where subject = (
      select subject from subjects where partner_id = ${bank.client.partner.slice(4)}::uuid limit 1)`
  const again = await rotate(officer(), 90)
  expect(again).toMatchObject({ generation: now, overlapEndsAt })
  expect((await rotate(officer(), 0)).generation).toBe(now + 1)
})

test('who was erased has no name, former or new', async () => {
  const one = await given()
  await rotate()
  const now = await subjectNow(one)
  await eraseCustomer(gateway.context, { accountKey: one.account, reason: 'asked for' }, async () => {})
  expect([await age(one.subject), await age(now)]).toEqual([null, null])
  expect(await world.owner`select from former_subjects where subject = ${one.subject}`).toEqual([])
})

test('compliance renames through the graph, and nobody else does', async () => {
  const mutation = `mutation { rotateSubjects(input: { partner: "${bank.client.partner}", reason: "r", idempotencyKey: "g" }) {
    rotated { generation overlapEndsAt } userErrors { code } } }`
  const by = async (roles: readonly StaffRole[]) =>
    (await askAsPerson(gateway, { staff: 'ann', roles }, { query: mutation })).body
  expect(await by(['partner-manager', 'finance'])).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  const before = await generation()
  expect(await by(['compliance'])).toMatchObject({ data: { rotateSubjects: { rotated: { generation: before + 1 } } } })
  // the same request again has no further effect
  expect(await by(['compliance'])).toMatchObject({ data: { rotateSubjects: { rotated: { generation: before + 1 } } } })
  await expect(
    rotateSubjects(gateway.context, { partner: 'x', reason: 'r', idempotencyKey: 'k' }),
  ).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  await expect(
    rotateSubjects(officer(), { partner: 'nobody', reason: 'r', idempotencyKey: 'k' }),
  ).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

async function generation(): Promise<number> {
  const [row] = await world.owner<{ now: number }[]>`
    select coalesce(max(generation), 1)::int as now from subject_generations where partner_id = ${bank.client.partner.slice(4)}::uuid`
  return row?.now ?? 0
}
