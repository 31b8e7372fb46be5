import { beforeAll, describe, expect, test, vi } from 'vitest'
import { PROJECTORS } from '../../../../app/projectors.ts'
import { closePeriod } from '../../../../ledger/settlement/close-period.ts'
import { verifyProjections } from '../../../../records/verify-projections.ts'
import { useWorld } from '../../../support/database.ts'
import { useClosings } from '../closings.ts'
import { customersIn, earn, liveMember, programmeWith, type Revenue, refer } from '../scene.ts'
import { lastOf, linesOf, type Member } from './scene.ts'

const NOW = '2026-05-02T00:00:00Z'
/** Two batches of late facts. */
const LATE = 5_100
/** Where a closing is killed: while a locked month is calculated again, before its lines are written, and after. */
const STOPS = ['CORRECTING:5000', 'WRITING:2', 'LOCKING:2']

const world = useWorld()
const closings = useClosings(world, { month: '2026-03', now: NOW })
const programmes: string[] = []
const members: Member[] = []

beforeAll(async () => {
  world.clock.set(NOW)
  for (const _ of [...STOPS, 'undisturbed', 'at once']) {
    const programme = await programmeWith(world.context, { holdback: { ppm: 100_000, periods: 1 } })
    const member = await liveMember(world.context, [programme], { from: '2026-02-01T00:00:00+08:00' })
    const [customer = ''] = await customersIn(world, 1)
    await refer(world.context, member, { customers: [customer], at: '2026-02-02T00:00:00Z' })
    await earn(world.context, customer, [['a', 1000, '2026-02-10T00:00:00Z']])
    await earn(world.context, customer, [['b', 2000, '2026-03-10T00:00:00Z']])
    await closePeriod(world.context, { programme, month: '2026-02' })
    const late = Array.from({ length: LATE }, (_, index): Revenue => [`e${index}`, 100 + (index % 997), AT])
    await earn(world.context, customer, late)
    await earn(world.context, customer, [['r', -300, '2026-03-01T00:00:00Z']], { refundOf: `a-${customer}` })
    programmes.push(programme)
    members.push(member)
  }
  await closePeriod(world.context, { programme: programmes[STOPS.length] ?? '', month: '2026-03' })
})

const AT = '2026-02-11T00:00:00Z'

/** A member's last statement and its first lines, without what differs from one programme to the next. */
async function told(index: number) {
  const member = members[index]
  if (member === undefined) throw new Error('there is a member for each programme')
  const statement = await lastOf(world, member)
  const { month, earned, clawbacks, holdback, payout, closing, held, lineCount, rules } = statement
  const lines = await linesOf(world, statement)
  return {
    ...{ month, earned, clawbacks, holdback, payout, closing, held, lineCount },
    rules: rules.map(({ originPeriod, minor, explanation }) => [originPeriod, minor, explanation.correction]),
    lines: lines.map(({ ruleNo, lineNo, minor, explanation }) => [ruleNo, lineNo, minor, explanation.correction]),
  }
}

describe('a closing that corrects and is killed', () => {
  test.each(STOPS.map((stopAt, index) => ({ stopAt, index })))(
    'at $stopAt corrects nothing, and the next one what an undisturbed one does',
    async ({ stopAt, index }) => {
      const programme = programmes[index] ?? ''
      await closings.killAt(programme, stopAt)
      expect((await told(index)).month).toBe('2026-02')
      await vi.waitFor(() => closePeriod(world.context, { programme, month: '2026-03' }), {
        timeout: 10_000,
        interval: 50,
      })
      const undisturbed = await told(STOPS.length)
      expect(await told(index)).toEqual(undisturbed)
      expect(undisturbed).toMatchObject({ month: '2026-03', lineCount: LATE + 2 })
    },
  )

  test('leaves the tables as the log tells them', async () => {
    expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
  })
})

test('of processes that correct at once one does, and the others are refused', async () => {
  const index = STOPS.length + 1
  const ends = await Promise.all([1, 2, 3].map(() => closings.outcomeOf(programmes[index] ?? '')))
  expect(ends.filter((end) => end === 'LOCKED')).toHaveLength(1)
  expect(ends.filter((end) => end.startsWith('WRONG_STATE'))).toHaveLength(2)
  expect(await told(index)).toEqual(await told(STOPS.length))
})
