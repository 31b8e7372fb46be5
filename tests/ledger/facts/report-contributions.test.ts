import { beforeAll, describe, expect, test } from 'vitest'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { type Id, newId, uuidOf } from '../../../kernel/ids.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { openPersonal } from '../../../records/personal-data.ts'
import { readBody } from '../../../records/record-body.ts'
import { sandboxPartner } from '../../partners/factories.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { someProgramme } from '../agreements/factories.ts'
import {
  callerOf,
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
let caller: PartnerCaller
let code: string
let known: { readonly id: Id<'cus'>; readonly accountKey: string }
let own: string

beforeAll(async () => {
  const live = await liveCaller(world.context)
  caller = live.caller
  code = live.code
  known = await customer(world)
  own = await subject(world, caller.partner, known)
})

const report = (...items: readonly unknown[]) => reportContributions(world.context, { caller, items })
const stored = async (externalId: string) => {
  const [row] = await world.owner<
    { customer_id: string | null; status: string; record_id: string; quantity: string }[]
  >`
    select customer_id, status, record_id, quantity::text from contributions
    where partner_id = ${uuidOf(caller.partner)} and external_id = ${externalId}`
  return row && { ...row, customer_id: row.customer_id?.replaceAll('-', '') }
}
const recordOf = async (id: string) => {
  const [row] = await world.owner<{ body: string; partner_id: string }[]>`
    select body, partner_id from records where id = ${id}`
  if (row === undefined) throw new Error('a contribution has a record')
  return { body: readBody(row.body), text: row.body, partner: row.partner_id.replaceAll('-', '') }
}

describe('a contribution that is taken', () => {
  test('by a subject counts at once, under a record that says nothing of the customer in the open', async () => {
    const result = await reportOne(world.context, caller, referral('by-subject', { subject: own, campaign: 'spring' }))
    expect(result).toMatchObject({ outcome: 'recorded', externalId: 'by-subject' })
    const row = await stored('by-subject')
    expect(row).toMatchObject({ customer_id: uuidOf(known.id), status: 'CONFIRMED', quantity: '1' })
    const { body, text, partner } = await recordOf(row?.record_id ?? '')
    expect(partner).toBe(uuidOf(caller.partner))
    expect(body).toMatchObject({ kind: 'contribution', data: { externalId: 'by-subject', campaign: 'spring' } })
    expect(text).not.toContain(own)
    expect(text).not.toContain(uuidOf(known.id))
    expect(await openPersonal(world.context, [body])).toEqual([{ customer: known.id, data: { subject: own } }])
  })

  test('by a lead that nobody knows yet is reported, and counts once the broker binds the lead', async () => {
    await reportOne(world.context, caller, referral('by-lead', { lead: 'lead-1' }))
    expect(await stored('by-lead')).toMatchObject({ customer_id: undefined, status: 'REPORTED' })
    await recordOne(world.context, leadBound('b-1', { partner: code, lead: 'lead-1', customer: known.accountKey }))
    expect(await stored('by-lead')).toMatchObject({ customer_id: uuidOf(known.id), status: 'CONFIRMED' })
    await reportOne(world.context, caller, referral('by-lead-later', { lead: 'lead-1' }))
    expect(await stored('by-lead-later')).toMatchObject({ customer_id: uuidOf(known.id), status: 'CONFIRMED' })
  })

  test('again is replayed, however its content is written', async () => {
    const [first] = await report(referral('again', { subject: own, quantity: 3 }))
    const again = await report(
      referral('again', { subject: own, quantity: '3', occurredAt: '2026-01-15T08:00:00+08:00', lead: null }),
      referral('again', { subject: own, quantity: 4 }),
    )
    expect(again[0]).toEqual({ ...first, outcome: 'replayed' })
    expect(again[1]).toMatchObject({ outcome: 'refused', code: 'IDEMPOTENCY_CONFLICT', field: 'externalId' })
    expect(await stored('again')).toMatchObject({ quantity: '3' })
  })

  test('twice in one batch has one effect', async () => {
    const results = await report(
      referral('twice', { lead: 'l' }),
      referral('twice', { lead: 'l' }),
      referral('twice', { lead: 'other' }),
    )
    expect(outcomesOf(results)).toEqual(['recorded', 'replayed', 'IDEMPOTENCY_CONFLICT'])
    expect(results[1]).toMatchObject({ id: results[0]?.outcome === 'recorded' && results[0].id })
  })

  test('under the external id of another partner stands beside it', async () => {
    const other = await liveCaller(world.context)
    const theirs = await subject(world, other.caller.partner, known)
    expect(await reportOne(world.context, caller, referral('shared', { subject: own }))).toMatchObject({
      outcome: 'recorded',
    })
    expect(await reportOne(world.context, other.caller, referral('shared', { subject: theirs }))).toMatchObject({
      outcome: 'recorded',
    })
  })

  test('may be five minutes ahead of our clock', async () => {
    const result = await reportOne(
      world.context,
      caller,
      referral('ahead', { lead: 'l', occurredAt: '2026-03-15T08:05:00Z' }),
    )
    expect(result.outcome).toBe('recorded')
  })

  test('may name its agreement, and an amount in the asset of it', async () => {
    const programme = await someProgramme(world.context)
    const { id } = await createAgreement(world.context, {
      programme: programme.code,
      partner: code,
      from: '2026-01-01T00:00:00Z',
    })
    const item = { lead: 'l', agreement: id, asset: 'CNY/2', amount: '199.00' }
    expect(outcomesOf(await report(referral('named', item)))).toEqual(['recorded'])
  })
})

describe('a contribution that is refused changes nothing, and the rest of the batch stands', () => {
  const refused = async (item: unknown, code: string, field?: string): Promise<void> => {
    const results = await report(referral(`before-${field}-${code}`, { lead: 'l' }), item, { nonsense: true })
    expect(results[0]?.outcome).not.toBe('refused')
    expect(results[1]).toMatchObject({ outcome: 'refused', code, field })
    expect(await stored('bad')).toBeUndefined()
  }

  test.each([
    ['no object', 7, undefined],
    ['no key', { kind: 'REFERRAL', lead: 'l', occurredAt: '2026-01-15T00:00:00Z' }, 'externalId'],
    ['a key with a null byte', referral('bad\u0000', { lead: 'l' }), 'externalId'],
    ['a key of half a character', referral('bad\ud800', { lead: 'l' }), 'externalId'],
    ['a kind that is none', referral('bad', { lead: 'l', kind: 'GIFT' }), 'kind'],
    ['neither subject nor lead', referral('bad'), 'subject'],
    ['both subject and lead', referral('bad', { subject: 's', lead: 'l' }), 'subject'],
    ['a future time', referral('bad', { lead: 'l', occurredAt: '2026-03-15T08:05:00.001Z' }), 'occurredAt'],
    ['a time without an offset', referral('bad', { lead: 'l', occurredAt: '2026-01-15T00:00:00' }), 'occurredAt'],
    ['a time out of mind', referral('bad', { lead: 'l', occurredAt: '0000-01-01T00:00:00Z' }), 'occurredAt'],
    ['a negative quantity', referral('bad', { lead: 'l', quantity: -1 }), 'quantity'],
    ['a quantity beyond reason', referral('bad', { lead: 'l', quantity: '1000000000001' }), 'quantity'],
    ['a broken quantity', referral('bad', { lead: 'l', quantity: 0.5 }), 'quantity'],
    ['a quantity too large', referral('bad', { lead: 'l', quantity: '1'.repeat(39) }), 'quantity'],
    ['a field that nobody knows', referral('bad', { lead: 'l', colour: 'red' }), 'colour'],
    ['an amount without an asset', referral('bad', { lead: 'l', amount: '1.00' }), 'asset'],
    ['an asset without an amount', referral('bad', { lead: 'l', asset: 'CNY/2' }), 'amount'],
    ['two amounts', referral('bad', { lead: 'l', asset: 'CNY/2', amount: '1', minor: 100 }), 'amount'],
    ['more decimals than the asset has', referral('bad', { lead: 'l', asset: 'CNY/2', amount: '1.001' }), 'amount'],
    ['a negative amount', referral('bad', { lead: 'l', asset: 'CNY/2', minor: '-1' }), 'amount'],
  ])('%s', async (_, item, field) => refused(item, 'INVALID_INPUT', field))

  test('a subject of another partner and one that nobody has look the same', async () => {
    const other = await liveCaller(world.context)
    const theirs = await subject(world, other.caller.partner, known)
    const [foreign, unknown] = await report(
      referral('bad', { subject: theirs }),
      referral('bad', { subject: 'nobody' }),
    )
    expect(foreign).toMatchObject({ outcome: 'refused', code: 'NOT_FOUND', field: 'subject' })
    expect(foreign).toEqual(unknown)
    expect(await stored('bad')).toBeUndefined()
  })

  test('an agreement of another partner, one that is not there and one of another time look the same', async () => {
    const programme = await someProgramme(world.context)
    const other = await liveCaller(world.context)
    const join = (partner: string, from: string) =>
      createAgreement(world.context, { programme: programme.code, partner, from })
    const theirs = await join(other.code, '2026-01-01T00:00:00Z')
    const later = await join(code, '2026-02-01T00:00:00Z')
    const results = await report(
      ...[theirs.id, later.id, newId('agr'), 'agr_1', 'x'].map((agreement) =>
        referral('bad', { lead: 'l', agreement }),
      ),
    )
    expect(results[0]).toMatchObject({ outcome: 'refused', code: 'NOT_FOUND', field: 'agreement' })
    for (const result of results) expect(result).toEqual(results[0])
  })

  test('an amount in an asset that no programme of the partner has', async () => {
    await refused(referral('bad', { lead: 'l', asset: 'USD/2', minor: 1 }), 'ASSET_MISMATCH', 'asset')
  })

  test('a refused item leaves its key free', async () => {
    expect(
      outcomesOf(await report(referral('free', { subject: 'nobody' }), referral('free', { subject: own }))),
    ).toEqual(['NOT_FOUND', 'recorded'])
  })
})

describe('a whole report is refused', () => {
  test('of a partner who is suspended, or is not there', async () => {
    const live = await liveCaller(world.context)
    await changePartnerStatus(world.context, { partner: live.code, status: 'SUSPENDED', reason: 'audit' })
    for (const partner of [live.caller, callerOf(newId('ptr'))]) {
      const refused = reportContributions(world.context, { caller: partner, items: [referral('a', { lead: 'l' })] })
      await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
    const rows = await world.owner`select from contributions where partner_id = ${uuidOf(live.caller.partner)}`
    expect(rows).toHaveLength(0)
  })

  test('of a client without the scope', async () => {
    const reader = { ...caller, scopes: new Set(['catalog:read'] as const) }
    await expect(reportContributions(world.context, { caller: reader, items: [] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  test('of more than 10,000 items', async () => {
    await expect(report(...Array.from({ length: 10_001 }, () => null))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'items',
    })
  })
})

describe('in the sandbox', () => {
  test('a subject finds synthetic customers only', async () => {
    const { id: partner } = await sandboxPartner(world.context)
    const real = await subject(world, partner, known)
    const synthetic = await subject(world, partner, await customer(world, { synthetic: true }))
    const items = [referral('real', { subject: real }), referral('synthetic', { subject: synthetic })]
    const results = await reportContributions(world.context, { caller: callerOf(partner), items })
    expect(outcomesOf(results)).toEqual(['NOT_FOUND', 'recorded'])
  })
})

describe('a contribution that stands', () => {
  test('is not changed, removed or given another customer by anybody', async () => {
    await report(referral('stands', { subject: own }))
    const other = await customer(world)
    const refuses = (change: Promise<unknown>, why = 'records are never changed') => expect(change).rejects.toThrow(why)
    await refuses(world.owner`update contributions set quantity = 9`)
    await refuses(world.owner`delete from contributions`)
    await refuses(world.owner`truncate contributions cascade`)
    await refuses(
      world.context.database.transaction(
        (tx) => tx`update contributions set customer_id = ${uuidOf(other.id)} where external_id = 'stands'`,
      ),
    )
    await refuses(
      world.context.database.transaction((tx) => tx`update contributions set quantity = 9`),
      'permission denied',
    )
  })
})
