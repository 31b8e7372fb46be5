import { expect, test } from 'vitest'
import { eraseCustomer } from '../../../customers/erase-customer.ts'
import { decideContribution } from '../../../ledger/facts/decide-contribution.ts'
import { eraseFacts } from '../../../ledger/facts/erase-facts.ts'
import { requireConfirmation } from '../../../ledger/facts/require-confirmation.ts'
import { listPoints } from '../../../ledger/points/list-points.ts'
import { pointsBalance } from '../../../ledger/points/points-balance.ts'
import { pointsProjector } from '../../../ledger/points/project-points.ts'
import { calculatePeriod } from '../../../ledger/settlement/calculate-period.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { lockPeriod } from '../../../ledger/settlement/lock-period.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { projectIntoCopies, recordsOf } from '../projection/log-copy.ts'
import {
  type Person,
  POINTS_RULE,
  people,
  pointsJournal,
  pointsOf,
  pointsScene,
  redeem,
  rewardFor,
  within,
} from './scene.ts'
import { ENDS_AT } from './times.ts'

test('the lock of a month gives points to who referred, more from the third referral of its life on', async () => {
  await within(async (world) => {
    const { programme, refer } = await pointsScene(world)
    const [anna, bert, ...friends] = await people(world, 7)
    const [f1, f2, f3, f4, f5] = friends as [Person, Person, Person, Person, Person]
    if (bert === undefined) throw new Error('there is a second one')
    await refer(anna, f3, 20)
    await refer(anna, f1, 5)
    await refer(anna, f2, 6)
    await refer(bert, f4, 7)
    await refer(undefined, f5, 8)
    expect(await pointsOf(world, anna)).toBe(0n)
    await closePeriod(world.context, { programme, month: '2026-01' })
    expect(await pointsBalance(world.context, { accountKey: anna.accountKey })).toEqual({
      points: 450n,
      nextExpiry: { points: 450n, at: new Date(ENDS_AT) },
    })
    expect(await pointsOf(world, bert)).toBe(100n)
    expect(await pointsOf(world, f5)).toBe(0n)
    expect(await pointsJournal(world)).toEqual([
      'Expenses:Points CNY/2 275',
      'Liabilities:Points CNY/2 -275',
      'Points:Customer:… PTS/0 -100',
      'Points:Customer:… PTS/0 -450',
      'Points:Issued PTS/0 550',
    ])
  })
})

test('an entry for each lot stands in the locked period, at its last moment', async () => {
  await within(async (world) => {
    const { programme, refer } = await pointsScene(world)
    const [anna, friend] = (await people(world, 2)) as [Person, Person]
    await refer(anna, friend, 5)
    const { period } = await closePeriod(world.context, { programme, month: '2026-01' })
    const rows = await world.owner`
      select e.at, replace(e.period_id::text, '-', '') as period, e.reference, e.description from journal_entries e`
    expect(rows.map((row) => ({ ...row }))).toEqual([
      {
        at: new Date('2026-01-31T15:59:59.999Z'),
        period: period.id.slice(4),
        reference: expect.stringMatching(/^points:ptm_[0-9a-f]{32}$/),
        description: expect.stringMatching(/^Points earned: pta_[0-9a-f]{32}$/),
      },
    ])
  })
})

test('what points are worth is rounded half to even once for each lot; points worth nothing move no money', async () => {
  await within(async (world) => {
    const rules = [
      { ...POINTS_RULE, bonus: [], pointsPerReferral: 5, valuePerHundredPoints: 50 },
      { ...POINTS_RULE, bonus: [], pointsPerReferral: 7, valuePerHundredPoints: 50 },
      { ...POINTS_RULE, bonus: [], pointsPerReferral: 3, valuePerHundredPoints: 0 },
      { ...POINTS_RULE, bonus: [], pointsPerReferral: 0 },
    ]
    const { programme, refer } = await pointsScene(world, { rules })
    const [anna, friend] = (await people(world, 2)) as [Person, Person]
    await refer(anna, friend, 5)
    await closePeriod(world.context, { programme, month: '2026-01' })
    const lots = await world.owner`select l.points, l.money from points_lots l order by l.no`
    expect(lots.map(({ points, money }) => [points, money])).toEqual([
      ['5', '2'],
      ['7', '4'],
      ['3', '0'],
    ])
    expect(await pointsOf(world, anna)).toBe(15n)
  })
})

test('both, the referred one alone, or the partner may be given points', async () => {
  await within(async (world) => {
    const rules = [
      { ...POINTS_RULE, beneficiary: 'BOTH', pointsPerReferral: 10 },
      { ...POINTS_RULE, beneficiary: 'REFERRED', pointsPerReferral: 3 },
      { ...POINTS_RULE, beneficiary: 'PARTNER', pointsPerReferral: 1 },
    ]
    const { programme, refer, member } = await pointsScene(world, { rules })
    const [anna, friend, alone, more] = (await people(world, 4)) as [Person, Person, Person, Person]
    await refer(anna, friend, 5)
    await refer(undefined, alone, 6)
    await refer(anna, more, 7)
    await closePeriod(world.context, { programme, month: '2026-01' })
    expect(await pointsOf(world, anna)).toBe(20n)
    expect(await pointsOf(world, friend)).toBe(13n)
    // it is the partner's second referral, and nobody else's
    expect(await pointsOf(world, alone)).toBe(13n)
    // of the partner's life the third one gives the bonus, of Anna's it is the second
    expect(await pointsOf(world, more)).toBe(13n)
    expect((await pointsBalance(world.context, { partner: member.code })).points).toBe(252n)
    expect((await pointsJournal(world)).filter((line) => line.startsWith('Points:Partner'))).toEqual([
      `Points:Partner:${member.code} PTS/0 -252`,
    ])
  })
})

test('a filter lets referrals pass, and an exclusive rule stops the later ones', async () => {
  await within(async (world) => {
    const rules = [
      { ...POINTS_RULE, filter: { campaign: ['spring'] }, exclusive: true, pointsPerReferral: 500, priority: 1 },
      { ...POINTS_RULE, priority: 2 },
    ]
    const { programme, refer } = await pointsScene(world, { rules })
    const [anna, friend, other] = (await people(world, 3)) as [Person, Person, Person]
    await refer(anna, friend, 5, { campaign: 'spring' })
    await refer(anna, other, 6)
    await closePeriod(world.context, { programme, month: '2026-01' })
    expect(await pointsOf(world, anna)).toBe(600n)
  })
})

test('an erased customer is given nothing, keeps an account that says nothing, and the records tell the tables', async () => {
  await within(async (world) => {
    const { programme, refer } = await pointsScene(world)
    const [anna, f1, f2, bert] = (await people(world, 4)) as [Person, Person, Person, Person]
    await refer(anna, f1, 5)
    await refer(bert, f2, 6)
    await closePeriod(world.context, { programme, month: '2026-01' })
    await refer(anna, bert, 7, { externalId: 'late', occurredAt: '2026-02-01T04:00:00Z' })
    await eraseCustomer(world.context, { accountKey: anna.accountKey, reason: 'asked' }, eraseFacts)
    world.clock.set('2026-03-03T00:00:00Z')
    await closePeriod(world.context, { programme, month: '2026-02' })
    await expect(pointsOf(world, anna)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await pointsOf(world, bert)).toBe(100n)
    const bodies = await world.owner<{ body: string }[]>`
      select body from records where kind in ('points', 'journal_entry')`
    for (const { body } of bodies)
      for (const { id, accountKey } of [anna, bert]) {
        expect(body).not.toContain(id)
        expect(body).not.toContain(accountKey)
      }
    const records = await recordsOf(world.context, world.owner, [pointsProjector])
    expect(records.map(({ body }) => body.data['event'])).toEqual([
      ...['ACCOUNT_OPENED', 'ACCOUNT_OPENED'],
      ...['EARNED', 'EARNED'],
    ])
    expect(await projectIntoCopies(world.context, [pointsProjector], [records])).toEqual({
      differences: [],
      waiting: [],
    })
  })
})

test('a referral that comes to count after its month was locked gives its points with the next month', async () => {
  await within(async (world) => {
    const { programme, refer, member } = await pointsScene(world)
    const [anna, f1, f2, f3] = (await people(world, 4)) as [Person, Person, Person, Person]
    await requireConfirmation(world.context, { partner: member.code, kind: 'REFERRAL', confirmation: 'PERSON' })
    const waiting = await refer(anna, f1, 5)
    const never = await refer(anna, f2, 6)
    const acknowledged = ['UNCONFIRMED_CONTRIBUTIONS']
    expect((await closePeriod(world.context, { programme, month: '2026-01', acknowledged })).points).toBe(0n)
    await decideContribution(world.context, { contribution: waiting, decision: 'CONFIRMED' })
    await decideContribution(world.context, { contribution: never, decision: 'REJECTED', reason: 'made up' })
    const next = await refer(anna, f3, 9, { occurredAt: '2026-02-02T00:00:00Z' })
    await decideContribution(world.context, { contribution: next, decision: 'CONFIRMED' })
    world.clock.set('2026-03-02T00:00:00Z')
    expect((await closePeriod(world.context, { programme, month: '2026-02' })).points).toBe(200n)
    world.clock.set('2026-04-02T00:00:00Z')
    expect((await closePeriod(world.context, { programme, month: '2026-03' })).points).toBe(0n)
    expect((await world.owner`select no from points_lots order by no`).map(({ no }) => no)).toEqual([1, 2])
  })
})

test('a month that is locked on another day gives the points that its calculation found, and later ones with the next', async () => {
  await within(async (world) => {
    const { programme, refer } = await pointsScene(world)
    const [anna, f1, f2] = (await people(world, 3)) as [Person, Person, Person]
    await refer(anna, f1, 5)
    expect(await calculatePeriod(world.context, { programme, month: '2026-01' })).toMatchObject({ points: 100n })
    expect((await world.owner`select from points_lots`).length).toBe(0)
    await refer(anna, f2, 6)
    const acknowledged = ['FACTS_SINCE_CALCULATION']
    expect((await lockPeriod(world.context, { programme, month: '2026-01', acknowledged })).points).toBe(100n)
    world.clock.set('2026-03-02T00:00:00Z')
    expect((await closePeriod(world.context, { programme, month: '2026-02' })).points).toBe(100n)
  })
})

test('of a member who does not accrue nobody gets points before it accrues again', async () => {
  await within(async (world) => {
    const { programme, refer, member } = await pointsScene(world)
    const [anna, f1] = (await people(world, 2)) as [Person, Person]
    await refer(anna, f1, 5)
    await changePartnerStatus(world.context, { partner: member.code, status: 'SUSPENDED', reason: 'an audit' })
    expect((await closePeriod(world.context, { programme, month: '2026-01' })).points).toBe(0n)
    await changePartnerStatus(world.context, { partner: member.code, status: 'LIVE', reason: 'all is well' })
    world.clock.set('2026-03-02T00:00:00Z')
    expect((await closePeriod(world.context, { programme, month: '2026-02' })).points).toBe(100n)
    expect(await pointsOf(world, anna)).toBe(100n)
  })
})

test('an earlier referral that comes late takes the place of the other one, with its points', async () => {
  await within(async (world) => {
    const { programme, refer } = await pointsScene(world, { rules: [{ ...POINTS_RULE, beneficiary: 'BOTH' }] })
    const [anna, bert, friend, other] = (await people(world, 4)) as [Person, Person, Person, Person]
    await refer(anna, friend, 5)
    await refer(anna, other, 6)
    await closePeriod(world.context, { programme, month: '2026-01' })
    await redeem(world, anna, await rewardFor(world, 150))
    await refer(bert, friend, 4)
    world.clock.set('2026-03-02T00:00:00Z')
    expect((await closePeriod(world.context, { programme, month: '2026-02' })).points).toBe(200n)
    expect(await pointsOf(world, anna)).toBe(-50n)
    expect(await pointsOf(world, bert)).toBe(100n)
    expect(await pointsOf(world, friend)).toBe(100n)
    const { edges } = await listPoints(world.context, { accountKey: friend.accountKey }, { first: 5 })
    expect(edges.map(({ node: { kind, points } }) => [kind, points])).toEqual([
      ['EARNED', 100n],
      ['REVERSED', -100n],
      ['EARNED', 100n],
    ])
    // nothing is done twice
    world.clock.set('2026-04-02T00:00:00Z')
    expect((await closePeriod(world.context, { programme, month: '2026-03' })).points).toBe(0n)
    expect(await world.owner`select from points_moves where kind = 'REVERSED'`).toHaveLength(2)
  })
})
