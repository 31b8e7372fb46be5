import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROJECTORS } from '../../app/projectors.ts'
import type { Id } from '../../kernel/ids.ts'
import { type ChangeCapabilityInput, changeCapability } from '../../partners/capabilities/change-capability.ts'
import { listCapabilities } from '../../partners/capabilities/list-capabilities.ts'
import { lowerQuota } from '../../partners/capabilities/lower-quota.ts'
import type { Partner } from '../../partners/partner.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { defineCatalogue, inDays } from '../customers/factories.ts'
import { sealAll } from '../records/sealed-log.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { useWorld } from '../support/database.ts'
import { recordsNaming, sandboxPartner } from './factories.ts'

const world = useWorld()
const apart = useWorld()

beforeAll(() => defineCatalogue(world.context))

const restricted = { kind: 'TAGS', key: 'tests', status: 'RESTRICTED', reason: 'an audit' } as const

function change(partner: Partner, more: Partial<ChangeCapabilityInput> = {}) {
  return changeCapability(world.context, {
    ...{ partner: partner.code, ...restricted, idempotencyKey: randomUUID() },
    ...more,
  })
}

/** What counts of a partner by kind and key. */
async function statusOf(partner: Partner, kind: string, key: string): Promise<string | undefined> {
  const all = await listCapabilities(world.context, partner.id)
  return all.find((one) => one.kind === kind && one.key === key)?.status
}

async function permilleOf(partner: Partner): Promise<number | undefined> {
  const [row] = await world.owner<{ permille: number }[]>`
    select permille from partner_quotas where partner_id = ${partner.id.slice(4)}`
  return row?.permille
}

describe('a capability', () => {
  it('is as the default until something is said, and then as was said last, with a record each', async () => {
    const partner = await sandboxPartner(world.context)
    expect(
      (await listCapabilities(world.context, partner.code)).map(({ kind, key, status }) => [kind, key, status]),
    ).toEqual([
      ['GRAPH', '*', 'ACTIVE'],
      ['PRODUCTS', '*', 'ACTIVE'],
      ['QUOTA', '*', 'ACTIVE'],
      ['TAGS', '*', 'ACTIVE'],
    ])
    const pending = await change(partner, {
      status: 'PENDING',
      due: 'a contract on storage',
      until: inDays(9).toISOString(),
    })
    expect(pending).toMatchObject({ status: 'PENDING', due: 'a contract on storage', version: 1 })
    expect(await change(partner, { status: 'ACTIVE', reason: 'it came' })).toMatchObject({
      status: 'ACTIVE',
      version: 2,
    })
    expect(await statusOf(partner, 'TAGS', 'tests')).toBe('ACTIVE')
    const records = await recordsNaming(world.context, { kind: 'capability', id: partner.id })
    expect(records.map(({ status, version, due }) => [status, version, due])).toEqual([
      ['PENDING', '1', 'a contract on storage'],
      ['ACTIVE', '2', undefined],
    ])
  })

  it('has one effect for one key, the same answer, and no other request under it', async () => {
    const partner = await sandboxPartner(world.context)
    const input = { ...restricted, partner: partner.code, idempotencyKey: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 5 }, () => changeCapability(world.context, input)))
    await change(partner, { status: 'ACTIVE' })
    expect(
      new Set([...answers, await changeCapability(world.context, input)].map((one) => JSON.stringify(one))).size,
    ).toBe(1)
    expect(await recordsNaming(world.context, { kind: 'capability', id: partner.id })).toHaveLength(2)
    await expect(changeCapability(world.context, { ...input, reason: 'another' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
  })

  it('is said by one after another, however many say it at once', async () => {
    const partner = await sandboxPartner(world.context)
    await Promise.all(Array.from({ length: 8 }, (_, n) => change(partner, { reason: `reason ${n}` })))
    const records = await recordsNaming(world.context, { kind: 'capability', id: partner.id })
    expect(records.map(({ version }) => version).toSorted()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
  })

  it.each([
    ['ACTIVE', undefined, 'RESTRICTED'],
    ['PENDING', 'a form', 'RESTRICTED'],
    ['RESTRICTED', undefined, 'ACTIVE'],
  ] as const)('%s until a time is %s %s after it, by the database’s clock', async (status, due, after) => {
    const partner = await sandboxPartner(world.context)
    await change(partner, { status, until: inDays(1).toISOString(), ...(due && { due }) })
    expect(await statusOf(partner, 'TAGS', 'tests')).toBe(status)
    await pastIn(partner)
    expect(await statusOf(partner, 'TAGS', 'tests')).toBe(after)
  })

  it.each<[string, Partial<ChangeCapabilityInput>, string]>([
    ['a category that nothing is of', { key: 'test' }, 'key'],
    ['a category of products that nothing is of', { kind: 'PRODUCTS', key: 'tests' }, 'key'],
    ['a scope that there is not', { kind: 'GRAPH', key: 'admin' }, 'key'],
    ['a part of a quota that there is not', { kind: 'QUOTA', key: 'most', permille: 5 }, 'key'],
    ['PENDING for nothing', { status: 'PENDING' }, 'due'],
    ['something due of what is active', { status: 'ACTIVE', due: 'a form' }, 'due'],
    ['a share of what is no quota', { permille: 5 }, 'permille'],
    ['a quota that is lowered to more', { kind: 'QUOTA', key: 'lowered', permille: 1001 }, 'permille'],
    ['a quota that is granted by nothing', { kind: 'QUOTA', key: 'granted', status: 'ACTIVE' }, 'permille'],
    ['an end that is past', { until: inDays(-1).toISOString() }, 'until'],
    ['an end that is no time', { until: 'tomorrow' }, 'until'],
    ['no reason', { reason: '' }, 'reason'],
  ])('is refused for %s, and nothing changes', async (_, wrong, field) => {
    const partner = await sandboxPartner(world.context)
    await expect(change(partner, wrong)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
    expect(await recordsNaming(world.context, { kind: 'capability', id: partner.id })).toEqual([])
  })

  it('that waits, or ends, is restricted for good or not at all: a lifted restriction widens nothing', async () => {
    const partner = await sandboxPartner(world.context)
    const until = inDays(1).toISOString()
    await change(partner, { status: 'PENDING', due: 'a form' })
    await expect(change(partner, { until })).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'until' })
    await change(partner)
    await expect(change(partner, { until })).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'until' })
    await change(partner, { status: 'ACTIVE' })
    await change(partner, { until })
    expect(await change(partner, { until: inDays(2).toISOString() })).toMatchObject({
      status: 'RESTRICTED',
      version: 5,
    })
  })
})

describe('a quota', () => {
  it('is what was granted, of which an alarm leaves a part, until its time is over', async () => {
    const partner = await sandboxPartner(world.context)
    expect(await permilleOf(partner)).toBe(1000)
    const quota = { kind: 'QUOTA', reason: 'a campaign' } as const
    await change(partner, { ...quota, key: 'granted', status: 'ACTIVE', permille: 3000 })
    await lower(partner.id, 100, 2)
    expect(await permilleOf(partner)).toBe(300)
    await pastIn(partner, 'lowered')
    expect(await permilleOf(partner)).toBe(3000)
  })

  it('is never raised by a second alarm, and never earlier', async () => {
    const partner = await sandboxPartner(world.context)
    const first = await lower(partner.id, 100, 3)
    expect(await lower(partner.id, 500, 1)).toMatchObject({ permille: 100, until: first.until, version: 2 })
    expect(await lower(partner.id, 50, 9)).toMatchObject({ permille: 50, version: 3 })
    await change(partner, { kind: 'QUOTA', key: 'lowered', status: 'ACTIVE', reason: 'looked into' })
    expect(await permilleOf(partner)).toBe(1000)
    expect(await lower(partner.id, 700, 1)).toMatchObject({ permille: 700 })
  })

  it('is lowered by many at once to the least of them', async () => {
    const partner = await sandboxPartner(world.context)
    await Promise.all([900, 200, 700, 400].map((permille) => lower(partner.id, permille, 1)))
    expect(await permilleOf(partner)).toBe(200)
  })
})

it('stands in the log: its table is what the records say, and a change behind their back is found', async () => {
  const { context, owner } = apart
  const { id: partner } = await sandboxPartner(context)
  const said = { partner, reason: 'a form is missing', idempotencyKey: 'k', until: inDays(3).toISOString() }
  await changeCapability(context, { ...said, kind: 'GRAPH', key: 'catalog:read', status: 'PENDING', due: 'a form' })
  const lowered = { partner, permille: 10, until: inDays(1), reason: 'an unusual hour' }
  await context.database.transaction((tx) => lowerQuota(context, tx, lowered))
  await sealAll(context, owner)
  const found = () => verifyProjections(context, { projectors: PROJECTORS })
  expect(await found()).toEqual([])
  await behindGuards(owner, `update capabilities set permille = 1000 where key = 'lowered'`)
  expect(JSON.stringify(await found())).toMatch(/its permille is not.*capabilities/)
})

function lower(partner: Id<'ptr'>, permille: number, days: number) {
  const input = { partner, permille, until: inDays(days), reason: 'an unusual hour' }
  return world.context.database.transaction((tx) => lowerQuota(world.context, tx, input))
}

/** Lets the time of what is said of a partner be over. */
function pastIn({ id }: Partner, key = 'tests'): Promise<unknown> {
  return behindGuards(
    world.owner,
    `update capabilities set until = clock_timestamp() - interval '1 ms' where partner_id = '${id.slice(4)}' and key = '${key}'`,
  )
}
