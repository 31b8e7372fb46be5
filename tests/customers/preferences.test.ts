import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROJECTORS } from '../../app/projectors.ts'
import { eraseCustomer } from '../../customers/erase-customer.ts'
import { findPreferences } from '../../customers/preferences/find-preferences.ts'
import { switchRecommendations } from '../../customers/preferences/switch-recommendations.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { useWorld } from '../support/database.ts'
import { customer, defineCatalogue } from './factories.ts'

const world = useWorld()

beforeAll(() => defineCatalogue(world.context))

const recordsOf = async () =>
  (await world.owner<{ body: string }[]>`select body from records where kind = 'preference' order by tx_id, id`).map(
    ({ body }) => body,
  )
const unwilling = async (accountKey: string) =>
  (
    await world.owner`
      select from customers_without_recommendations w join customers u on u.id = w.customer_id
      where u.account_key = ${accountKey}`
  ).length

describe('recommendations', () => {
  it('are wanted until the customer says otherwise, and again when they say so', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    expect(await findPreferences(context, { accountKey })).toEqual({ recommendations: true })
    for (const on of [false, true, false]) {
      expect(await switchRecommendations(context, { accountKey, on })).toEqual({ recommendations: on })
      expect(await findPreferences(context, { accountKey })).toEqual({ recommendations: on })
      expect(await unwilling(accountKey)).toBe(on ? 0 : 1)
    }
  })

  it('are switched once for a key, and not at all when they are so already', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    const before = (await recordsOf()).length
    await switchRecommendations(context, { accountKey, on: true })
    const input = { accountKey, on: false, idempotencyKey: 'off' }
    await Promise.all(Array.from({ length: 6 }, () => switchRecommendations(context, input)))
    await switchRecommendations(context, { accountKey, on: false })
    expect((await recordsOf()).length - before).toBe(1)
    await expect(switchRecommendations(context, { ...input, on: true })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
    await expect(switchRecommendations(context, { accountKey: 'nobody', on: false })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('switched to and fro at once come to an end that the log tells of', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => switchRecommendations(context, { accountKey, on: index % 2 === 0 })),
    )
    expect(await verifyProjections(context, { projectors: PROJECTORS })).toEqual([])
  })

  it('are a record that names nobody', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    await switchRecommendations(context, { accountKey, on: false, idempotencyKey: randomUUID() })
    const [row] = await owner<{ id: string }[]>`select id from customers where account_key = ${accountKey}`
    const body = JSON.parse((await recordsOf()).at(-1) ?? '')
    expect(body).toMatchObject({ actor: 'customer:self', data: { v: '1', recommendations: false, change: '1' } })
    for (const name of [accountKey, row?.id, row?.id.replaceAll('-', '')]) {
      expect(JSON.stringify(body)).not.toContain(name)
    }
  })

  it('are forgotten with the customer', async () => {
    const { context, owner } = world
    const accountKey = await customer(owner)
    await switchRecommendations(context, { accountKey, on: false })
    await expect(owner`set role tributary_app; delete from customer_preferences`.simple()).rejects.toThrow()
    const count = async () => (await owner`select from customer_preferences`).length
    const before = await count()
    await eraseCustomer(context, { accountKey, reason: 'asked for' }, async () => {})
    expect(await count()).toBe(before - 1)
    expect(await verifyProjections(context, { projectors: PROJECTORS })).toEqual([])
  })
})
