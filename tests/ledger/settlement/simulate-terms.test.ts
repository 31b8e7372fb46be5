import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { createProgramme } from '../../../ledger/agreements/create-programme.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import type { Terms } from '../../../ledger/agreements/terms.ts'
import { bodyOf } from '../../../ledger/agreements/terms-body.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { findStatement } from '../../../ledger/settlement/find-statement.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { simulateTerms } from '../../../ledger/settlement/simulate-terms.ts'
import { useWorld } from '../../support/database.ts'
import { someTerms } from '../agreements/arbitrary-terms.ts'
import { contribute, customersIn, earn, freshCode, liveMember, programmeWith, refer, termsFor } from './scene.ts'

type Member = PartnerCaller & { readonly code: string }

const world = useWorld()
const FROM = '2026-04-01T00:00:00+08:00'
const alder = freshCode('alder')
const birch = freshCode('birch')
let members: readonly Member[]
let programme: string

/** Rules that look at everything that happened in April and May. */
const RULES = [
  { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 333_333, window: { months: 2 }, base: 'COMMISSION' },
  { kind: 'COURSE_COMPLETION', ratePpm: 250_000 },
  { kind: 'TRAFFIC_UNIT_FEE', feePerThousand: 1250, unit: 'CLICK', capPerPeriod: 5000 },
  {
    kind: 'POOL_SPLIT',
    poolPpm: 70_000,
    housePpm: 200_000,
    base: 'FEE',
    attribution: { model: 'TIME_DECAY', halfLifeDays: 3 },
  },
  { kind: 'DATA_CONVERSION', ratePpm: 50_000, base: 'VOLUME', attribution: { model: 'MARKOV' } },
  { kind: 'OVERRIDE', parentPartner: alder, ratePpm: 100_000 },
  { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 1000 },
]

beforeAll(async () => {
  world.clock.set('2026-06-02T00:00:00Z')
  const { context } = world
  programme = await programmeWith(context)
  members = [
    await liveMember(context, [programme], { from: FROM, code: alder }),
    await liveMember(context, [programme], { from: FROM, code: birch }),
  ]
  const [first, second] = members as [Member, Member]
  const [referred = '', touched = '', pupil = '', other = ''] = await customersIn(world, 4)
  await refer(context, first, { customers: [referred], at: '2026-04-03T00:00:00Z' })
  await refer(context, second, { customers: [other, referred], at: '2026-04-05T00:00:00Z' })
  await earn(context, referred, [
    ['a', 1001, '2026-04-04T00:00:00Z'],
    ['b', 77_777, '2026-05-20T00:00:00Z'],
  ])
  await earn(context, other, [
    ['c', 55_555, '2026-04-20T00:00:00Z'],
    ['d', 4242, '2026-05-01T00:00:00Z'],
  ])
  await contribute(context, second, pupil, {
    ...{ kind: 'COURSE_COMPLETION', course: 'options', units: 12, quantity: 5, asset: 'CNY/2', minor: 19_900, day: 7 },
  })
  await contribute(context, first, undefined, { kind: 'TRAFFIC', unit: 'CLICK', quantity: 4821, day: 8 })
  for (const [member, day] of [
    [first, 10],
    [second, 12],
    [first, 15],
  ] as const)
    await contribute(context, member, touched, { kind: 'DATA', day })
  await earn(context, touched, [['fee', 10_001, '2026-04-20T00:00:00Z']], { base: 'FEE' })
  await earn(context, touched, [['traded', 100_000, '2026-04-21T00:00:00Z']], { base: 'VOLUME' })
})

const rulesOf = (terms: Terms): readonly object[] => JSON.parse(bodyOf(terms)).rules

const trial = (rules: readonly object[]) => termsFor(programme, { rules, version: 7 })

/** What a programme with these terms and the same members earns them, when its months are closed. */
async function closedWith(rules: readonly object[]): Promise<ReadonlyMap<string, bigint>> {
  const { context } = world
  const code = freshCode('autumn')
  await createProgramme(context, { code, name: 'Autumn', asset: 'CNY/2', timeZone: 'Asia/Shanghai' })
  await publishTerms(context, { programme: code, terms: termsFor(code, { rules }) })
  for (const { partner } of members) await createAgreement(context, { programme: code, partner, from: FROM })
  const earned = new Map<string, bigint>()
  for (const month of ['2026-04', '2026-05']) {
    await closePeriod(context, { programme: code, month })
    for (const { code: partner, partner: id } of members) {
      const { edges } = await listStatements(context, { partner: id, page: { first: 100 } })
      const statement = edges.find(({ node }) => node.number === `${code}-${partner}-${month}`)
      const detail = statement && (await findStatement(context, { id: statement.node.id }))
      for (const rule of (detail || undefined)?.rules ?? []) {
        const key = `${partner} ${rule.kind}`
        earned.set(key, (earned.get(key) ?? 0n) + rule.minor)
      }
    }
  }
  return earned
}

const named = (partners: Awaited<ReturnType<typeof simulateTerms>>['partners'], side: 'today' | 'tried') =>
  new Map(partners.flatMap(({ partner, rules }) => rules[side].map(({ kind, total }) => [`${partner} ${kind}`, total])))

describe('terms that are tried', () => {
  test('give what months close with under them, beside what they close with today', async () => {
    const input = { programme, terms: trial(RULES), from: '2026-04', to: '2026-05' }
    const { partners, months, total } = await simulateTerms(world.context, input)
    const tried = await closedWith(RULES)
    expect(tried.size).toBeGreaterThan(8)
    expect(named(partners, 'tried')).toEqual(tried)
    const today = await closedWith([
      { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 200_000, window: { days: 90 }, base: 'COMMISSION' },
    ])
    expect(named(partners, 'today')).toEqual(today)
    const sum = (of: Iterable<bigint>) => [...of].reduce((all, one) => all + one, 0n)
    expect(total).toEqual({
      today: sum(today.values()),
      tried: sum(tried.values()),
      change: sum(tried.values()) - sum(today.values()),
    })
    expect(months.map(({ month }) => month)).toEqual(['2026-04', '2026-05'])
    expect(sum(months.map(({ tried }) => tried))).toBe(total.tried)
  })

  test('govern months before any terms, and windows that others opened', async () => {
    const { context } = world
    const late = await programmeWith(context, { effectiveFrom: '2026-05-01T00:00:00+08:00' })
    const [first] = members as [Member, Member]
    await createAgreement(context, { programme: late, partner: first.partner, from: FROM })
    const terms = termsFor(late, { rules: RULES.slice(0, 1) })
    const { months } = await simulateTerms(context, { programme: late, terms, from: '2026-04', to: '2026-05' })
    // a third of 1001 and of 77777: today its window was opened when nothing was in force
    expect(months).toEqual([
      { month: '2026-04', today: 0n, tried: 334n, change: 334n },
      { month: '2026-05', today: 0n, tried: 25_926n, change: 25_926n },
    ])
  })

  test('give one partner alone what they give it among all', async () => {
    const input = { programme, from: '2026-04', to: '2026-05' }
    const someRules = fc.oneof(fc.subarray(RULES), someTerms.map(rulesOf))
    await fc.assert(
      fc.asyncProperty(someRules, fc.constantFrom(alder, birch), async (rules, partner) => {
        const terms = trial(rules)
        const all = await simulateTerms(world.context, { ...input, terms })
        const alone = await simulateTerms(world.context, { ...input, terms, partner })
        expect(alone.partners).toEqual(all.partners.filter((one) => one.partner === partner))
        expect(alone.facts).toBeLessThanOrEqual(all.facts)
      }),
      { numRuns: 25 },
    )
  })

  test('read only the facts of the partner where nobody else matters to it', async () => {
    const input = { programme, terms: trial(RULES.slice(0, 3)), from: '2026-04', to: '2026-05' }
    const all = await simulateTerms(world.context, input)
    const alone = await simulateTerms(world.context, { ...input, partner: birch })
    expect(alone.partners.map(({ partner }) => partner)).toEqual([birch])
    expect(alone.facts).toBeLessThan(all.facts)
  })

  test('leave no trace', async () => {
    const counts = () =>
      world.owner`
        select (select count(*) from records) as records, (select count(*) from statements) as statements,
          (select count(*) from terms) as terms, (select count(*) from periods) as periods`
    const before = await counts()
    await simulateTerms(world.context, { programme, terms: trial(RULES), from: '2026-04', to: '2026-05' })
    expect(await counts()).toEqual(before)
  })

  test('count a later refund in the month of what it refunds, within the time for clawbacks of either terms', async () => {
    const { context } = world
    const code = await programmeWith(context)
    const member = await liveMember(context, [code])
    const [customer = ''] = await customersIn(world, 1)
    await refer(context, member, { customers: [customer], at: '2026-01-03T00:00:00Z' })
    await earn(context, customer, [['a', 1000, '2026-01-20T00:00:00Z']])
    await earn(context, customer, [['r', -600, '2026-02-05T00:00:00Z']], { refundOf: `a-${customer}` })
    const input = { programme: code, terms: termsFor(code, { clawbackDays: 16 }), from: '2026-01', to: '2026-02' }
    const { months } = await simulateTerms(context, input)
    expect(months.map(({ today, tried }) => [today, tried])).toEqual([
      [80n, 200n],
      [0n, 0n],
    ])
    const closed = [await closePeriod(context, { programme: code, month: '2026-01' })]
    closed.push(await closePeriod(context, { programme: code, month: '2026-02' }))
    expect(closed.map(({ earned, clawbacks }) => [earned, clawbacks])).toEqual([
      [200n, 0n],
      [0n, -120n],
    ])
  })

  test('tell how far they are, and stop when they are told to', async () => {
    const steps: string[] = []
    const stop = new AbortController()
    const run = simulateTerms(world.context, {
      ...{ programme, terms: trial(RULES), from: '2026-04', to: '2026-05', signal: stop.signal },
      onProgress: ({ step, steps: all, month }) => {
        steps.push(`${step}/${all} ${month}`)
        if (step === 2) stop.abort(new Error('enough'))
      },
    })
    await expect(run).rejects.toThrow('enough')
    expect([...new Set(steps)]).toEqual(['0/4 2026-04', '1/4 2026-04', '2/4 2026-05'])
  })

  test.each([
    [{ terms: { version: 1 } }, 'INVALID_INPUT', 'programme'],
    [{ to: '2026-03' }, 'INVALID_INPUT', 'to'],
    [{ to: '2029-03' }, 'INVALID_INPUT', 'to'],
    [{ from: 'April' }, 'INVALID_INPUT', undefined],
    [{ programme: 'winter' }, 'NOT_FOUND', 'programme'],
    [{ partner: 'nobody' }, 'NOT_FOUND', 'partner'],
  ])('refuse %j', async (wrong, code, field) => {
    const input = { programme, terms: trial([]), from: '2026-04', to: '2026-05', ...wrong }
    await expect(simulateTerms(world.context, input)).rejects.toMatchObject({ code, ...(field && { field }) })
  })
})
