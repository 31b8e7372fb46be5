import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import type { Programme } from '../../../ledger/agreements/programme.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import type { PlacedCase } from '../../../ledger/facts/placed-case.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { countOtherAssets } from '../../../ledger/facts/store/other-assets.ts'
import { streamCases } from '../../../ledger/facts/stream-cases.ts'
import type { EventCase } from '../../../ledger/splits/fact-case.ts'
import { useWorld } from '../../support/database.ts'
import { someProgramme, termsInput } from '../agreements/factories.ts'
import { commission, customer, leadBound, liveCaller, recordOne, referral, reportOne, subject } from './factories.ts'

const world = useWorld()

const FEBRUARY = { from: new Date('2026-01-31T16:00:00Z'), to: new Date('2026-02-28T16:00:00Z') }
const IN_FEBRUARY = '2026-02-10T00:00:00Z'

type Member = Awaited<ReturnType<typeof liveCaller>>

/** A member of a programme, from 2026 on unless it says otherwise. */
async function member(programme: Programme, span: { from?: string; to?: string } = {}): Promise<Member> {
  const live = await liveCaller(world.context)
  await createAgreement(world.context, {
    programme: programme.code,
    partner: live.code,
    from: '2026-01-01T00:00:00Z',
    ...span,
  })
  return live
}

/** The member refers a customer. */
async function refer(by: Member, whom: { readonly id: Id<'cus'> }, item: object = {}): Promise<void> {
  const known = await world.owner<{ subject: string }[]>`
    select subject from subjects where partner_id = ${uuidOf(by.caller.partner)} and customer_id = ${uuidOf(whom.id)}`
  const name = known[0]?.subject ?? (await subject(world, by.caller.partner, whom))
  const result = await reportOne(world.context, by.caller, { ...referral('c-1', { subject: name }), ...item })
  expect(result.outcome).toBe('recorded')
}

let made = 0
/** The customer brings in a commission in February; returns its external id. */
async function earn({ accountKey }: { readonly accountKey: string }, changes: object = {}): Promise<string> {
  const externalId = `e-${String(++made).padStart(4, '0')}`
  const result = await recordOne(
    world.context,
    commission(externalId, accountKey, { occurredAt: IN_FEBRUARY, ...changes }),
  )
  expect(result.outcome).toBe('recorded')
  return externalId
}

type PlacedEvent = PlacedCase & { readonly fact: EventCase }

/** The month's events as agreements see them, in the batches in which they come. */
function batches({ id: programme }: Programme, rowsPerBatch?: number): Promise<readonly (readonly PlacedEvent[])[]> {
  const scope = { programme, ...FEBRUARY, kinds: new Set(['EVENT'] as const), paths: false }
  return world.context.database.transaction(async (tx) => {
    const all: PlacedEvent[][] = []
    for await (const cases of streamCases(tx, scope, rowsPerBatch)) {
      all.push(cases.flatMap((one) => (one.fact.kind === 'EVENT' ? [{ ...one, fact: one.fact }] : [])))
    }
    return all
  })
}

const read = async (programme: Programme): Promise<readonly PlacedEvent[]> => (await batches(programme)).flat()
const heldBy = async (programme: Programme): Promise<readonly (readonly [string, string])[]> =>
  (await read(programme)).map(({ partnerCode, fact }) => [partnerCode, fact.event.externalId])

describe('the facts of a period', () => {
  test('name the agreement, the referral, the terms of its time and the event', async () => {
    const programme = await someProgramme(world.context)
    const { id: terms } = await publishTerms(world.context, {
      programme: programme.code,
      terms: termsInput(programme.code),
    })
    const { id: later } = await publishTerms(world.context, {
      programme: programme.code,
      terms: termsInput(programme.code, { version: 2, effectiveFrom: '2026-02-01T00:00:00+08:00' }),
    })
    const by = await member(programme)
    const whom = await customer(world)
    await refer(by, whom, { campaign: 'spring', market: 'HK' })
    const externalId = await earn(whom, { category: 'Bonds', product: 'FUND-1' })
    expect(await read(programme)).toEqual([
      {
        agreement: expect.stringMatching(/^agr_/),
        partnerCode: by.code,
        governing: { opened: terms, own: later },
        correctsEarlier: false,
        fact: {
          kind: 'EVENT',
          customer: whom.id,
          referral: {
            id: expect.stringMatching(/^ctr_/),
            externalId: 'c-1',
            occurredAt: new Date('2026-01-15T00:00:00Z'),
            campaign: 'spring',
          },
          event: {
            id: expect.stringMatching(/^rev_/),
            source: 'core',
            externalId,
            base: 'COMMISSION',
            minor: 1233n,
            occurredAt: new Date(IN_FEBRUARY),
            product: { source: 'core', externalId: 'FUND-1' },
            category: 'Bonds',
            market: undefined,
          },
          path: undefined,
        },
      },
    ])
  })

  test('begin with the period and end before its end, and none comes before the referral', async () => {
    const programme = await someProgramme(world.context)
    const by = await member(programme)
    const whom = await customer(world)
    await refer(by, whom, { occurredAt: '2026-02-05T00:00:00Z' })
    await earn(whom, { occurredAt: '2026-02-04T23:59:59.999Z' })
    const first = await earn(whom, { occurredAt: '2026-02-05T00:00:00Z' })
    const last = await earn(whom, { occurredAt: '2026-02-28T15:59:59.999Z' })
    await earn(whom, { occurredAt: '2026-02-28T16:00:00Z' })
    expect(await heldBy(programme)).toEqual([
      [by.code, first],
      [by.code, last],
    ])
  })

  test('leave out customers whom nobody referred, and referrals before any terms earn under none', async () => {
    const programme = await someProgramme(world.context)
    await earn(await customer(world))
    expect(await read(programme)).toEqual([])
    const whom = await customer(world)
    await refer(await member(programme), whom)
    await earn(whom)
    expect(await read(programme)).toMatchObject([{ governing: { opened: undefined, own: undefined } }])
  })

  test('in another asset are left out, and counted', async () => {
    const programme = await someProgramme(world.context)
    const whom = await customer(world)
    await refer(await member(programme), whom)
    const held = await earn(whom)
    for (const asset of ['USD/2', 'USD/2', 'PTS/0']) await earn(whom, { asset, amount: '7' })
    await earn(await customer(world), { asset: 'USD/2' })
    expect((await heldBy(programme)).map(([, event]) => event)).toEqual([held])
    const scope = { programme: programme.id, ...FEBRUARY }
    expect(await countOtherAssets(world.context.database.reads, scope)).toEqual([
      { asset: 'PTS/0', events: 1 },
      { asset: 'USD/2', events: 2 },
    ])
  })

  test('of a refund take what it does not say from what it refunds', async () => {
    const programme = await someProgramme(world.context)
    const whom = await customer(world)
    await refer(await member(programme), whom)
    const sold = await earn(whom, {
      category: 'Bonds',
      market: 'HK',
      product: 'FUND-1',
      occurredAt: '2026-01-20T00:00:00Z',
    })
    const back = await earn(whom, { amount: '-1', refundOf: sold })
    const lost = await earn(whom, { amount: '-1', refundOf: 'never-seen' })
    const [known, unknown] = await read(programme)
    expect(known).toMatchObject({ refundedAt: new Date('2026-01-20T00:00:00Z'), correctsEarlier: true })
    expect(known?.fact.event).toMatchObject({
      externalId: back,
      minor: -100n,
      category: 'Bonds',
      market: 'HK',
      product: { source: 'core', externalId: 'FUND-1' },
    })
    expect(unknown?.fact.event.externalId).toBe(lost)
    expect(unknown).not.toHaveProperty('refundedAt')
  })

  test('a refund does not take after an event of another customer or asset', async () => {
    const programme = await someProgramme(world.context)
    const whom = await customer(world)
    await refer(await member(programme), whom)
    const others = await earn(await customer(world), { category: 'Bonds' })
    const dollars = await earn(whom, { category: 'Bonds', asset: 'USD/2' })
    for (const refundOf of [others, dollars]) await earn(whom, { amount: '-1', refundOf })
    for (const one of await read(programme)) {
      expect(one.fact.event.category).toBeUndefined()
      expect(one).not.toHaveProperty('refundedAt')
    }
  })

  test('come in batches in one order: partner’s code, source, external id', async () => {
    const programme = await someProgramme(world.context)
    for (const by of [await member(programme), await member(programme)]) {
      const whom = await customer(world)
      await refer(by, whom)
      for (const source of ['b', 'a', 'B']) {
        const items = [10, 9, 1].map((n) => commission(`${by.code}-${n}`, whom.accountKey, { occurredAt: IN_FEBRUARY }))
        await recordRevenue(world.context, { source, items })
      }
    }
    const all = await read(programme)
    const keys = all.map(({ partnerCode, fact: { event } }) =>
      [partnerCode, event.source, event.externalId].join('\u0000'),
    )
    expect(keys).toHaveLength(18)
    expect(keys).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
    const streamed = await batches(programme, 7)
    expect(streamed.map(({ length }) => length)).toEqual([7, 7, 4])
    expect(streamed.flat()).toEqual(all)
  })
})

describe('of the referrals of one customer', () => {
  test('the earliest of any member holds, for that programme alone', async () => {
    const programme = await someProgramme(world.context)
    const [late, early] = [await member(programme), await member(programme)]
    const elsewhere = await someProgramme(world.context)
    await createAgreement(world.context, {
      programme: elsewhere.code,
      partner: late.code,
      from: '2026-01-01T00:00:00Z',
    })
    const whom = await customer(world)
    await refer(late, whom, { occurredAt: '2026-01-15T00:00:00.001Z' })
    await refer(early, whom)
    const event = await earn(whom)
    expect(await heldBy(programme)).toEqual([[early.code, event]])
    expect(await heldBy(elsewhere)).toEqual([[late.code, event]])
  })

  test('made at one instant, the smaller partner’s code holds, then the smaller external id', async () => {
    const programme = await someProgramme(world.context)
    const members = [await member(programme), await member(programme), await member(programme)]
    const whom = await customer(world)
    for (const by of members.toReversed()) {
      for (const externalId of ['c-9', 'c-10', 'C-9']) await refer(by, whom, { externalId })
    }
    await earn(whom)
    const smallest = members.map(({ code }) => code).sort()[0]
    expect(await read(programme)).toMatchObject([{ partnerCode: smallest, fact: { referral: { externalId: 'C-9' } } }])
  })

  test('one outside its member’s agreement, of another kind, of no member, or unbound does not count', async () => {
    const programme = await someProgramme(world.context)
    const whom = await customer(world)
    const before = await member(programme, { from: '2026-01-15T00:00:00.001Z' })
    const after = await member(programme, { to: '2026-01-15T00:00:00Z' })
    const stranger = await liveCaller(world.context)
    const teacher = await member(programme)
    const unbound = await member(programme)
    for (const by of [before, after, stranger]) await refer(by, whom)
    await refer(teacher, whom, { kind: 'DATA' })
    await reportOne(world.context, unbound.caller, referral('c-1', { lead: 'lead-1' }))
    await earn(whom)
    expect(await read(programme)).toEqual([])
    await recordOne(
      world.context,
      leadBound(`bound-${unbound.code}`, { partner: unbound.code, lead: 'lead-1', customer: whom.accountKey }),
    )
    expect(await read(programme)).toMatchObject([{ partnerCode: unbound.code }])
  })

  test('one that names another agreement does not count in this programme', async () => {
    const programme = await someProgramme(world.context)
    const other = await someProgramme(world.context)
    const by = await member(programme)
    const { id } = await createAgreement(world.context, {
      programme: other.code,
      partner: by.code,
      from: '2026-01-01T00:00:00Z',
    })
    const whom = await customer(world)
    await refer(by, whom, { agreement: id })
    await earn(whom)
    expect(await read(programme)).toEqual([])
    expect(await read(other)).toMatchObject([{ agreement: id }])
  })

  test('the one that holds is the smallest by time, code and external id, whatever the order of reports', async () => {
    const programme = await someProgramme(world.context)
    const members = await Promise.all([1, 2, 3].map(() => member(programme)))
    const reports = fc.uniqueArray(fc.record({ by: fc.nat(2), day: fc.integer({ min: 1, max: 3 }), key: fc.nat(4) }), {
      minLength: 1,
      maxLength: 6,
      selector: ({ by, key }) => `${by}/${key}`,
    })
    await fc.assert(
      fc.asyncProperty(reports, async (made) => {
        const whom = await customer(world)
        const ranked: string[] = []
        for (const { by, day, key } of made) {
          const who = members[by]
          if (who === undefined) throw new Error('there are three members')
          const externalId = `${whom.accountKey}-${key}`
          const occurredAt = `2026-01-0${day}T12:00:00.000Z`
          await refer(who, whom, { externalId, occurredAt })
          ranked.push([occurredAt, who.code, externalId].join(' '))
        }
        const event = await earn(whom)
        const facts = (await read(programme)).filter(({ fact }) => fact.event.externalId === event)
        const [first] = ranked.toSorted()
        const told = facts.map(({ fact: { referral: held }, partnerCode }) =>
          [held?.occurredAt.toISOString(), partnerCode, held?.externalId].join(' '),
        )
        expect(told).toEqual([first])
      }),
      { numRuns: 15 },
    )
  })
})

test('the same customer referred under two external ids by two partners is recorded twice and earns once', async () => {
  const programme = await someProgramme(world.context)
  const [a, b] = [await member(programme), await member(programme)]
  const whom = await customer(world)
  for (const by of [a, b]) await refer(by, whom, { externalId: `of-${by.code}` })
  const event = await earn(whom)
  const rows = await world.owner`select from contributions where customer_id = ${uuidOf(whom.id)}`
  expect(rows).toHaveLength(2)
  expect((await heldBy(programme)).map(([, held]) => held)).toEqual([event])
  expect(await reportContributions(world.context, { caller: a.caller, items: [] })).toEqual([])
})
