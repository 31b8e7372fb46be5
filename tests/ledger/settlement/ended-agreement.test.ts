import { expect, test } from 'vitest'
import { parseId } from '../../../kernel/ids.ts'
import { endAgreement } from '../../../ledger/agreements/end-agreement.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { useWorld } from '../../support/database.ts'
import { customersIn, earn, liveMember, programmeWith, refer, W1_EVENTS, W1_REFERRED_AT } from './scene.ts'

const world = useWorld()

test('an agreement that ended goes on earning in windows that it opened, and opens none after its end', async () => {
  world.clock.set('2026-06-02T00:00:00Z')
  const { context } = world
  const programme = await programmeWith(context, { holdback: { ppm: 100_000, periods: 1 } })
  const member = await liveMember(context, [programme])
  const [before = '', after = ''] = await customersIn(world, 2)
  await refer(context, member, { customers: [before], at: W1_REFERRED_AT })
  await refer(context, member, { customers: [after], at: '2026-02-15T00:00:00Z' })
  await earn(context, before, W1_EVENTS)
  await earn(context, after, [['late', 100_000, '2026-02-20T00:00:00Z']])
  const close = (month: string) => closePeriod(context, { programme, month })
  await close('2026-01')
  const { edges } = await listAgreements(context, { partner: member.partner, page: { first: 1 } })
  const agreement = edges[0]?.node.id ?? ''
  await endAgreement(context, { agreement, at: '2026-02-01T00:00:00+08:00', reason: 'notice was given' })
  for (const month of ['2026-02', '2026-03', '2026-04', '2026-05']) await close(month)
  const statements = await listStatements(context, { partner: member.partner, page: { first: 10 } })
  const told = statements.edges.map(({ node }) => [node.month, node.earned, node.holdback, node.released, node.payout])
  // 458 of W1, a tenth of it held for a month; nothing of the referral that came after the end
  expect(told).toEqual([
    ['2026-01', 0n, 0n, 0n, 0n],
    ['2026-04', 458n, 45n, 0n, 413n],
    ['2026-05', 0n, 0n, 45n, 45n],
  ])
})

test('of an agreement that ended nothing stays locked: holdback is released in its month, then the rest is paid', async () => {
  world.clock.set('2026-07-02T00:00:00Z')
  const { context } = world
  const programme = await programmeWith(context, { holdback: { ppm: 500_000, periods: 2 }, minimumPayout: 100_000 })
  const [leaving, staying] = [await liveMember(context, [programme]), await liveMember(context, [programme])]
  const [one = '', two = ''] = await customersIn(world, 2)
  for (const [member, customer] of [
    [leaving, one],
    [staying, two],
  ] as const) {
    await refer(context, member, { customers: [customer], at: '2026-01-05T00:00:00Z' })
    await earn(context, customer, [['t', 1000, '2026-01-10T00:00:00Z']])
  }
  const { edges } = await listAgreements(context, { partner: leaving.partner, page: { first: 1 } })
  const agreement = edges[0]?.node.id ?? ''
  await endAgreement(context, { agreement, at: '2026-02-01T00:00:00+08:00', reason: 'notice was given' })
  for (const month of ['2026-01', '2026-02', '2026-03', '2026-04']) await closePeriod(context, { programme, month })
  const told = async (partner: string) => {
    const statements = await listStatements(context, { partner: parseId('ptr', partner), page: { first: 10 } })
    return statements.edges.map(({ node }) => [node.month, node.released, node.payout, node.closing, node.held])
  }
  // below the minimum all along; the last statement has nothing held, and pays; after it there is none
  expect(await told(leaving.partner)).toEqual([
    ['2026-01', 0n, 0n, 100n, 100n],
    ['2026-02', 0n, 0n, 100n, 100n],
    ['2026-03', 100n, 200n, 0n, 0n],
  ])
  expect((await told(staying.partner)).at(-1)).toEqual(['2026-04', 0n, 0n, 200n, 0n])
})
