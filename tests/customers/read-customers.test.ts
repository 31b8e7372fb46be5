import { beforeAll, describe, expect, it } from 'vitest'
import { defineTags } from '../../customers/define-tags.ts'
import { readCustomers } from '../../customers/read-customers.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import {
  customer,
  defineCatalogue,
  disclosuresOf,
  grant,
  liveParty,
  type Party,
  read,
  sandboxParty,
  TAGS,
  valuesOf,
} from './factories.ts'

const world = useWorld()
let party: Party

beforeAll(async () => {
  await defineCatalogue(world.context)
  party = await liveParty(world.context)
})

describe('a read', () => {
  it('gives each tag at the granularity that was consented', async () => {
    const { context, owner } = world
    const account = await customer(owner, { age: '61', assets: '12000.5', risk_level: 'C2', has_loan: 'false' })
    const consent = await grant(context, party, account, {
      tags: [
        { key: 'age', granularity: 'exact' },
        { key: 'assets', granularity: 'band' },
        { key: 'risk_level', granularity: 'flag' },
        { key: 'has_loan', granularity: 'exact' },
      ],
    })
    expect(await read(context, party, consent)).toEqual({
      subject: consent.subject,
      purpose: 'CREDIT',
      consentId: consent.id,
      expiresAt: consent.expiresAt,
      tags: [
        { key: 'age', granularity: 'exact', value: '61' },
        { key: 'assets', granularity: 'band', value: '10000 and over' },
        { key: 'has_loan', granularity: 'exact', value: 'false' },
        { key: 'risk_level', granularity: 'flag', value: 'false' },
      ],
    })
  })

  it('leaves a disclosure of what it gave, never of values', async () => {
    const { context, owner } = world
    const account = await customer(owner, { assets: '777.77' })
    const consent = await grant(context, party, account, {
      tags: [
        { key: 'age', granularity: 'exact' },
        { key: 'assets', granularity: 'band' },
      ],
    })
    await read(context, party, consent, ['assets', 'height'])
    const [row] = await owner`select id from customers where account_key = ${account}`
    const [disclosure, ...more] = await disclosuresOf(owner, consent.subject)
    expect(more).toEqual([])
    expect(disclosure).toEqual({
      partner_id: expect.any(String),
      client_id: expect.any(String),
      customer_id: row?.['id'],
      purpose: 'CREDIT',
      consent_id: expect.any(String),
      tags: ['assets:band'],
      outcome: 'disclosed',
      request_id: party.caller.requestId,
    })
    expect(String(disclosure?.['client_id']).replaceAll('-', '')).toBe(uuidOf(party.client.id))
  })

  it('answers many asks in their order, each with its own disclosure', async () => {
    const { context, owner } = world
    const one = await grant(context, party, await customer(owner, { age: '31' }))
    const two = await grant(context, party, await customer(owner, { age: '32' }))
    const reads = [
      { subject: two.subject, purpose: 'CREDIT' },
      { subject: 'nobody', purpose: 'CREDIT' },
      { subject: one.subject, purpose: 'CREDIT' },
      { subject: two.subject, purpose: 'EDUCATION' },
      { subject: two.subject, purpose: 'CREDIT' },
    ]
    const views = await readCustomers(context, { caller: party.caller, reads })
    expect(views.map(valuesOf)).toEqual([{ age: '32' }, null, { age: '31' }, null, { age: '32' }])
    expect(await disclosuresOf(owner, two.subject)).toHaveLength(3)
    expect(await readCustomers(context, { caller: party.caller, reads: [] })).toEqual([])
  })

  it('shows what is known now, not what was known when the consent was given', async () => {
    const { context, owner } = world
    const account = await customer(owner, { age: '29' })
    const consent = await grant(context, party, account)
    await owner`update tags set value = '30' where tag_key = 'age' and customer_id = (select id from customers where account_key = ${account})`
    expect(valuesOf(await read(context, party, consent))).toEqual({ age: '30' })
  })
})

describe('a tag that may not be read', () => {
  it('looks the same whether it is unknown, not consented, without a value or finer than consented', async () => {
    const { context, owner } = world
    const account = await customer(owner, { age: '61', risk_level: 'C5' })
    const consent = await grant(context, party, account, {
      tags: [
        { key: 'age', granularity: 'band' },
        { key: 'assets', granularity: 'band' },
      ],
    })
    const tags = [
      'age',
      'age:band',
      'age:exact',
      'age:flag',
      'risk_level',
      'assets',
      'height',
      '__proto__',
      "a'b\\",
      '',
    ]
    const view = await read(context, party, consent, tags)
    expect(view?.tags).toEqual([
      { key: 'age', granularity: 'band', value: '60 and over' },
      { key: 'age', granularity: 'band', value: '60 and over' },
      ...['age', 'age', 'risk_level', 'assets', 'height', '__proto__', "a'b\\", ''].map((key) => ({
        key,
        granularity: null,
        value: null,
      })),
    ])
    const [disclosure] = await disclosuresOf(owner, consent.subject)
    expect(disclosure).toMatchObject({ tags: ['age:band'], outcome: 'disclosed' })
  })

  it('is not given although it was consented for another purpose', async () => {
    const { context, owner } = world
    const account = await customer(owner)
    await grant(context, party, account, { tags: [{ key: 'risk_level', granularity: 'exact' }] })
    const { subject } = await grant(context, party, account, { purpose: 'EDUCATION' })
    const view = await read(context, party, { subject, purpose: 'EDUCATION' }, ['age', 'risk_level'])
    expect(valuesOf(view)).toEqual({ age: '44', risk_level: null })
  })

  it('is not given any more once its definition was retired', async () => {
    const { context, owner } = world
    await defineTags(context, [{ ...TAGS[0], key: 'age_once' }])
    await owner`update purposes set tag_keys = tag_keys || 'age_once'::text where key = 'CREDIT'`
    const account = await customer(owner, { age_once: '44' })
    const consent = await grant(context, party, account, { tags: [{ key: 'age_once', granularity: 'exact' }] })
    expect(valuesOf(await read(context, party, consent))).toEqual({ age_once: '44' })
    await owner`update tag_definitions set retired_at = now() where key = 'age_once'`
    expect(valuesOf(await read(context, party, consent))).toEqual({})
  })

  it('leaves a disclosure of nothing when nothing was given', async () => {
    const { context, owner } = world
    const consent = await grant(context, party, await customer(owner))
    await read(context, party, consent, ['risk_level'])
    const [disclosure] = await disclosuresOf(owner, consent.subject)
    expect(disclosure).toMatchObject({ tags: [], outcome: 'nothing', consent_id: expect.any(String) })
  })
})

describe('null, and a disclosure of nothing, is all that a partner gets', () => {
  it('for another partner’s subject, a subject that nobody has, and a purpose without consent', async () => {
    const { context, owner } = world
    const other = await liveParty(context)
    const account = await customer(owner)
    const theirs = await grant(context, other, account)
    const ours = await grant(context, party, account, { purpose: 'EDUCATION' })
    const asks = [
      { subject: theirs.subject },
      { subject: 'A'.repeat(24) },
      { subject: "'; drop table consents; --" },
      { subject: ours.subject, purpose: 'CREDIT' },
      { subject: ours.subject, purpose: 'NO_SUCH_PURPOSE' },
    ]
    for (const ask of asks) {
      expect(await read(context, party, ask)).toBeNull()
      const last = (await disclosuresOf(owner, ask.subject)).at(-1)
      expect(last).toMatchObject({ outcome: 'nothing', tags: [], consent_id: null, request_id: party.caller.requestId })
    }
    const [foreign] = await disclosuresOf(owner, theirs.subject)
    expect(foreign).toMatchObject({ customer_id: null })
    expect(valuesOf(await read(context, other, theirs))).toEqual({ age: '44' })
  })

  it('from the moment it is suspended, on the next read, until it is live again', async () => {
    const { context, owner } = world
    const other = await liveParty(context)
    const consent = await grant(context, other, await customer(owner))
    const change = (status: 'SUSPENDED' | 'LIVE') =>
      changePartnerStatus(context, { partner: other.partner.id, status, reason: 'tests' })
    expect(valuesOf(await read(context, other, consent))).toEqual({ age: '44' })
    await change('SUSPENDED')
    expect(await read(context, other, consent)).toBeNull()
    expect((await disclosuresOf(owner, consent.subject)).at(-1)).toMatchObject({ outcome: 'nothing' })
    await change('LIVE')
    expect(valuesOf(await read(context, other, consent))).toEqual({ age: '44' })
  })

  it('in the sandbox, of a customer who is not synthetic', async () => {
    const { context, owner } = world
    const sandbox = await sandboxParty(context)
    const account = await customer(owner, { synthetic: true })
    const consent = await grant(context, sandbox, account)
    expect(valuesOf(await read(context, sandbox, consent))).toEqual({ age: '44' })
    // what the grant refuses, the read would refuse again
    await owner`update customers set synthetic = false where account_key = ${account}`
    expect(await read(context, sandbox, consent)).toBeNull()
  })

  it('when the caller’s partner is nobody', async () => {
    const { context, owner } = world
    const consent = await grant(context, party, await customer(owner))
    const nobody = { caller: { ...party.caller, partner: newId('ptr') } }
    expect(await read(context, nobody, consent)).toBeNull()
  })

  it('when the consent’s time is over by the database’s clock, whatever ours says', async () => {
    const { context, owner, clock } = world
    const consent = await grant(context, party, await customer(owner))
    clock.set('2099-01-01T00:00:00Z')
    expect(valuesOf(await read(context, party, consent))).toEqual({ age: '44' })
    const now = async () =>
      (await owner<{ now: Date }[]>`select clock_timestamp() as now`)[0]?.now ?? new Date(Number.NaN)
    const [row] = await owner<{ ends: Date }[]>`
      update consents set expires_at = clock_timestamp() + interval '400 ms' where id = ${uuidOf(consent.id)}
      returning expires_at as ends`
    const ends = row?.ends ?? new Date(0)
    let before = 0
    for (;;) {
      const [from, view, to] = [await now(), await read(context, party, consent), await now()]
      if (to < ends) expect(valuesOf(view)).toEqual({ age: '44' })
      if (to < ends) before++
      if (from > ends) expect(view).toBeNull()
      if (from > ends) break
    }
    expect(before).toBeGreaterThan(0)
  })
})

describe('a read is refused', () => {
  it.each([
    ['a null character', { subject: 'a\u0000', purpose: 'CREDIT' }],
    ['half of a pair', { subject: '\ud800', purpose: 'CREDIT' }],
    ['a subject without end', { subject: 'a'.repeat(129), purpose: 'CREDIT' }],
    ['tags without end', { subject: 'a', purpose: 'CREDIT', tags: Array.from({ length: 101 }, () => 'age') }],
  ])('for %s, and nothing is recorded', async (_, ask) => {
    const { context, owner } = world
    const count = async () => (await owner`select from disclosures`).length
    const before = await count()
    const asked = readCustomers(context, { caller: party.caller, reads: [ask] })
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await count()).toBe(before)
  })

  it('for more asks than a call may have', async () => {
    const reads = Array.from({ length: 501 }, () => ({ subject: 'a', purpose: 'CREDIT' }))
    const asked = readCustomers(world.context, { caller: party.caller, reads })
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})
