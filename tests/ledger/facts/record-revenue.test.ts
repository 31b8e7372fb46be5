import { beforeAll, describe, expect, test } from 'vitest'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { openPersonal } from '../../../records/personal-data.ts'
import { readBody } from '../../../records/record-body.ts'
import { sandboxPartner } from '../../partners/factories.ts'
import { useWorld } from '../../support/database.ts'
import {
  commission,
  customer,
  leadBound,
  liveCaller,
  outcomesOf,
  recordOne,
  referral,
  reportOne,
  subject,
} from './factories.ts'

const world = useWorld()
const ACCOUNT = 'account-known'
let known: { readonly id: Id<'cus'>; readonly accountKey: string }

beforeAll(async () => {
  known = await customer(world, { accountKey: ACCOUNT })
})

const record = (...items: readonly unknown[]) => recordRevenue(world.context, { source: 'core', items })
const line = (externalId: string, changes: object = {}): object => commission(externalId, ACCOUNT, changes)

async function stored(externalId: string, source = 'core') {
  const [row] = await world.owner`
    select base, asset, amount::text, replace(customer_id::text, '-', '') as customer, occurred_at, product_source,
      product_external_id, category, market, refund_of, record_id
    from revenue_events where source = ${source} and external_id = ${externalId}`
  return row
}

describe('revenue that is recorded', () => {
  test('stands to the minor unit, under a record that does not say whose it is', async () => {
    const result = await recordOne(world.context, line('r-1', { market: 'HK', category: 'Equities' }))
    expect(result).toMatchObject({ outcome: 'recorded', externalId: 'r-1', id: expect.stringMatching(/^rev_/) })
    const row = await stored('r-1')
    expect(row).toMatchObject({
      base: 'COMMISSION',
      asset: 'CNY/2',
      amount: '1233',
      customer: uuidOf(known.id),
      occurred_at: new Date('2026-01-20T00:00:00Z'),
      category: 'Equities',
      market: 'HK',
    })
    const [{ body } = { body: '' }] = await world.owner<{ body: string }[]>`
      select body from records where id = ${row?.['record_id']}`
    expect(readBody(body).data).toEqual({
      revenueEvent: result.outcome === 'recorded' && result.id,
      source: 'core',
      externalId: 'r-1',
      base: 'COMMISSION',
      asset: 'CNY/2',
      minor: '1233',
      occurredAt: '2026-01-20T00:00:00.000Z',
      category: 'Equities',
      market: 'HK',
    })
    expect(body).not.toContain(known.accountKey)
    expect(body).not.toContain(uuidOf(known.id))
    expect(await openPersonal(world.context, [readBody(body)])).toEqual([
      { customer: known.id, data: { accountKey: known.accountKey } },
    ])
  })

  test.each([
    ['whole minor units as text', { minor: '123456789012345678901234567' }, '123456789012345678901234567'],
    ['whole minor units as a number', { minor: 7 }, '7'],
    ['a decimal with fewer decimals', { amount: '12.3' }, '1230'],
    ['a negative decimal', { amount: '-0.01' }, '-1'],
    ['18 decimals', { amount: '1.000000000000000001', asset: 'TOKEN/18' }, '1000000000000000001'],
  ])('takes %s', async (name, amount, minor) => {
    expect(await recordOne(world.context, line(name, { amount: undefined, ...amount }))).toMatchObject({
      outcome: 'recorded',
    })
    expect(await stored(name)).toMatchObject({ amount: minor })
  })

  test('again is replayed, and with other content a conflict; other sources have keys of their own', async () => {
    const first = await recordOne(world.context, line('r-2'))
    expect(await record(line('r-2', { amount: undefined, minor: '1233' }), line('r-2', { amount: '12.34' }))).toEqual([
      { ...first, outcome: 'replayed' },
      expect.objectContaining({ outcome: 'refused', code: 'IDEMPOTENCY_CONFLICT', field: 'externalId' }),
    ])
    expect(await recordOne(world.context, line('r-2', { amount: '12.34' }), 'other')).toMatchObject({
      outcome: 'recorded',
    })
  })

  test('one key is not both revenue and a binding', async () => {
    const { code } = await liveCaller(world.context)
    const binding = leadBound('r-both', { partner: code, lead: 'l', customer: known.accountKey })
    expect(outcomesOf(await record(line('r-both'), binding))).toEqual(['recorded', 'IDEMPOTENCY_CONFLICT'])
    expect(outcomesOf(await record(binding))).toEqual(['IDEMPOTENCY_CONFLICT'])
  })

  test('has the category of its product at that time, unless it says one itself', async () => {
    await world.owner`
      insert into products (id, source, external_id, name, category, risk, asset, attributes, status, fingerprint, updated_at)
      values (gen_random_uuid(), 'core', 'FUND-1', 'Fund', 'Bonds', 2, 'CNY/2', '{}', 'ACTIVE', '', now())`
    await record(
      line('p-1', { product: 'FUND-1' }),
      line('p-2', { product: 'FUND-1', category: 'Mine' }),
      line('p-3', { product: 'FUND-1', productSource: 'elsewhere' }),
      line('p-4'),
    )
    expect(await stored('p-1')).toMatchObject({
      category: 'Bonds',
      product_source: 'core',
      product_external_id: 'FUND-1',
    })
    expect(await stored('p-2')).toMatchObject({ category: 'Mine' })
    expect(await stored('p-3')).toMatchObject({ category: null, product_source: 'elsewhere' })
    expect(await stored('p-4')).toMatchObject({ category: null, product_source: null })
  })

  test('a refund may come before what it refunds', async () => {
    const results = await record(line('back', { amount: '-12.33', refundOf: 'sold' }), line('sold'))
    expect(outcomesOf(results)).toEqual(['recorded', 'recorded'])
  })

  test('is not changed or removed by anybody', async () => {
    await expect(world.owner`update revenue_events set amount = 0`).rejects.toThrow('records are never changed')
    await expect(world.owner`delete from revenue_events`).rejects.toThrow('records are never changed')
    await expect(world.owner`delete from lead_bindings`).rejects.toThrow('records are never changed')
  })
})

describe('a fact that is refused changes nothing, and the rest of the batch stands', () => {
  test.each([
    ['no type', line('bad', { type: undefined }), 'INVALID_INPUT', 'type'],
    ['an unknown type', line('bad', { type: 'gift' }), 'INVALID_INPUT', 'type'],
    ['an unknown customer', line('bad', { customer: 'nobody' }), 'NOT_FOUND', 'customer'],
    ['an unknown base', line('bad', { base: 'TURNOVER' }), 'INVALID_INPUT', 'base'],
    ['an asset that is none', line('bad', { asset: 'yuan' }), 'INVALID_INPUT', 'asset'],
    ['a float', line('bad', { amount: 12.33 }), 'INVALID_INPUT', 'amount'],
    ['too many decimals', line('bad', { amount: '12.333' }), 'INVALID_INPUT', 'amount'],
    ['an exponent', line('bad', { amount: '1e3' }), 'INVALID_INPUT', 'amount'],
    ['too large an amount', line('bad', { amount: '9'.repeat(38) }), 'INVALID_INPUT', 'amount'],
    [
      'an amount beyond reason',
      line('bad', { amount: undefined, minor: `-1${'0'.repeat(27)}` }),
      'INVALID_INPUT',
      'minor',
    ],
    ['no amount', line('bad', { amount: undefined }), 'INVALID_INPUT', 'amount'],
    ['a fraction of a minor unit', line('bad', { amount: undefined, minor: 0.5 }), 'INVALID_INPUT', 'minor'],
    ['a future time', line('bad', { occurredAt: '2026-04-01T00:00:00Z' }), 'INVALID_INPUT', 'occurredAt'],
    ['a refund that brings money in', line('bad', { refundOf: 'r-1' }), 'INVALID_INPUT', 'amount'],
    ['a refund of itself', line('bad', { amount: '-1', refundOf: 'bad' }), 'INVALID_INPUT', 'refundOf'],
    ['a source of no product', line('bad', { productSource: 'core' }), 'INVALID_INPUT', 'productSource'],
    ['an unknown field', line('bad', { colour: 'red' }), 'INVALID_INPUT', 'colour'],
    ['nothing', null, 'INVALID_INPUT', undefined],
  ])('%s', async (name, item, code, field) => {
    const results = await record(item, line(`beside ${name}`))
    expect(results[0]).toMatchObject({ outcome: 'refused', code, field })
    expect(results[1]).toMatchObject({ outcome: 'recorded' })
    expect(await stored('bad')).toBeUndefined()
  })

  test('a refusal does not repeat what it refuses', async () => {
    const [refused] = await record(line('bad', { customer: 'account-of-somebody', amount: 'secret' }))
    expect(JSON.stringify(refused)).not.toMatch(/account-of-somebody|secret/)
  })

  test('a source that is no text is refused with the whole batch', async () => {
    for (const source of ['', 'a\u0000', 'x'.repeat(101)]) {
      await expect(recordRevenue(world.context, { source, items: [] })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
  })
})

describe('a lead', () => {
  const bind = (externalId: string, partner: string, changes: object = {}) => ({
    ...leadBound(externalId, { partner, lead: 'lead-1', customer: known.accountKey }),
    ...changes,
  })

  test('is bound to the first customer, and to no other', async () => {
    const { caller, code } = await liveCaller(world.context)
    const other = await customer(world)
    await reportOne(world.context, caller, referral('c-1', { lead: 'lead-1' }))
    const results = await record(
      bind('l-1', code),
      bind('l-2', code, { customer: other.accountKey }),
      bind('l-3', code),
      bind('l-1', code),
    )
    expect(outcomesOf(results)).toEqual(['recorded', 'LEAD_BOUND', 'replayed', 'replayed'])
    expect(results[2]).toMatchObject({ id: results[0]?.outcome === 'recorded' && results[0].id })
    expect(await recordOne(world.context, bind('l-4', code, { customer: other.accountKey }))).toMatchObject({
      code: 'LEAD_BOUND',
    })
    const rows = await world.owner`
      select from contributions where partner_id = ${uuidOf(caller.partner)} and customer_id = ${uuidOf(known.id)}`
    expect(rows).toHaveLength(1)
  })

  test('of one partner is not the same lead of another', async () => {
    const [a, b] = [await liveCaller(world.context), await liveCaller(world.context)]
    for (const { caller } of [a, b]) await reportOne(world.context, caller, referral('c-1', { lead: 'lead-1' }))
    await record(bind('m-1', a.code))
    const rows = await world.owner<{ status: string }[]>`
      select status from contributions
      where partner_id in (${uuidOf(a.caller.partner)}, ${uuidOf(b.caller.partner)})
      order by partner_id = ${uuidOf(b.caller.partner)}`
    expect(rows.map(({ status }) => status)).toEqual(['CONFIRMED', 'REPORTED'])
  })

  test('of a partner who is not there, or for an unknown customer, is refused', async () => {
    const { code } = await liveCaller(world.context)
    const results = await record(bind('n-1', 'nobody'), bind('n-1', code, { customer: 'nobody' }))
    expect(results).toMatchObject([
      { code: 'NOT_FOUND', field: 'partner' },
      { code: 'NOT_FOUND', field: 'customer' },
    ])
  })

  test('of a partner in the sandbox is bound to synthetic customers only', async () => {
    const { code } = await sandboxPartner(world.context)
    const made = await customer(world, { synthetic: true })
    const results = await record(bind('s-1', code), bind('s-2', code, { customer: made.accountKey }))
    expect(outcomesOf(results)).toEqual(['WRONG_STATE', 'recorded'])
  })

  test('is named in the open by no record of its binding', async () => {
    const { caller, code } = await liveCaller(world.context)
    await record({ ...bind('o-1', code), lead: 'somebody@example.org' })
    const [row] = await world.owner<{ body: string; partner_id: string }[]>`
      select r.body, r.partner_id from lead_bindings b join records r on r.id = b.record_id where b.external_id = 'o-1'`
    expect(row?.partner_id.replaceAll('-', '')).toBe(uuidOf(caller.partner))
    expect(row?.body).not.toContain('somebody@example.org')
    expect(readBody(row?.body ?? '')).toMatchObject({
      kind: 'lead_binding',
      data: { externalId: 'o-1', source: 'core' },
    })
  })
})

describe('a customer who was erased', () => {
  test('is known no more, and what concerns others goes in', async () => {
    const { caller, code } = await liveCaller(world.context)
    const gone = await customer(world)
    const name = await subject(world, caller.partner, gone)
    const bound = leadBound('g-1', { partner: code, lead: 'gone', customer: gone.accountKey })
    expect(await recordOne(world.context, bound)).toMatchObject({ outcome: 'recorded' })
    await world.owner`
      update customer_keys set wrapped = null, erased_at = now() where customer_id = ${uuidOf(gone.id)}`
    expect(outcomesOf(await record(commission('g-2', gone.accountKey), line('g-3')))).toEqual(['NOT_FOUND', 'recorded'])
    expect(await reportOne(world.context, caller, referral('g-4', { subject: name }))).toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await reportOne(world.context, caller, referral('g-5', { lead: 'gone' }))).toMatchObject({
      outcome: 'recorded',
    })
    const [row] = await world.owner`select status, customer_id from contributions where external_id = 'g-5'`
    expect(row).toEqual({ status: 'REPORTED', customer_id: null })
  })
})
