import { beforeAll, describe, expect, test } from 'vitest'
import { listConsents } from '../../../customers/list-consents.ts'
import { revokeConsent } from '../../../customers/revoke-consent.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import type { StatementDetail } from '../../../ledger/settlement/find-statement.ts'
import { useWorld } from '../../support/database.ts'
import { consentTo, defineSettlement } from '../disputes/scene.ts'
import { lastOf, type Member, memberOf } from '../settlement/corrections/scene.ts'
import { customersIn, earn, freshCode, programmeWith, refer } from '../settlement/scene.ts'
import { documentOf } from './scene.ts'

const world = useWorld()
/** More than are read at once. */
const LINES = 1200
let member: Member
let customer = ''
let statement: StatementDetail

beforeAll(async () => {
  await defineSettlement(world)
  world.clock.set('2026-03-02T00:00:00Z')
  const programme = await programmeWith(world.context)
  member = await memberOf(world, programme)
  ;[customer = ''] = await customersIn(world, 1)
  await refer(world.context, member, { customers: [customer], at: '2026-02-02T00:00:00Z' })
  for (let from = 0; from < LINES; from += 400) {
    const events = Array.from({ length: 400 }, (_, n) => [`e${from + n}`, 500, '2026-02-10T00:00:00Z'] as const)
    await earn(world.context, customer, events)
  }
  await closePeriod(world.context, { programme, month: '2026-02' })
  statement = await lastOf(world, member)
}, 60_000)

describe('lines that are more than are read at once', () => {
  test('are all read, each once and in their order, by the staff', async () => {
    const lines = await Array.fromAsync((await documentOf(world, statement)).lines())
    expect(lines.map(({ lineNo }) => lineNo)).toEqual(Array.from({ length: LINES }, (_, n) => n + 1))
    const some = await Array.fromAsync((await documentOf(world, statement)).lines(1100))
    expect(some.map(({ lineNo }) => lineNo)).toEqual(Array.from({ length: 1100 }, (_, n) => n + 1))
  })

  test('are read by a partner until the consent is withdrawn: nothing is read after that', async () => {
    await consentTo(world, member, customer)
    const all = await Array.fromAsync((await documentOf(world, statement, { caller: member })).lines())
    expect(all).toHaveLength(LINES)
    const reading = (await documentOf(world, statement, { caller: member })).lines()[Symbol.asyncIterator]()
    await reading.next()
    const { edges } = await listConsents(world.context, { accountKey: customer }, { first: 1 })
    const [edge] = edges
    if (edge === undefined) throw new Error('the customer gave a consent')
    const consentId = edge.node.id
    await revokeConsent(world.context, { accountKey: customer, consentId, idempotencyKey: freshCode('key') })
    let read = 1
    while ((await reading.next()).done !== true) read += 1
    expect(read).toBe(1000)
  })
})
