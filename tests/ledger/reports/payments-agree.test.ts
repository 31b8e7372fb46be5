import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fault } from '../../../kernel/fault.ts'
import type { Payout } from '../../../ledger/payouts/payout.ts'
import { closeReport } from '../../../ledger/reports/close-report.ts'
import { verifyStatements } from '../../../ledger/reports/verify-statements.ts'
import { createWorld, type TestWorld } from '../../support/database.ts'
import { exported, hledgerBalances, ourBalances } from '../journal/eyes.ts'
import { giveBack, instructed, payoutsOf, reject, sent, settle, settled } from '../payouts/scene.ts'

const DAY_MS = 86_400_000
const START = Date.parse('2026-02-20T00:00:00Z')

const which = fc.nat({ max: 9 })
// the bank's day may be before ours
const daysBack = fc.nat({ max: 2 })
const step = fc.oneof(
  fc.record({ do: fc.constantFrom('instruct' as const, 'send' as const) }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('settle' as const, 'reject' as const, 'return' as const),
      which,
      daysBack,
    }),
  },
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 12 }) }),
)
type Step = typeof step extends fc.Arbitrary<infer Of> ? Of : never

test('however payments end, the books are what the journal has after each step, and were at each month’s end', async () => {
  let moved = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
      const world = await createWorld()
      try {
        world.clock.set(new Date(START))
        await settled(world, [1000, 777, 5])
        const payouts: Payout[] = []
        for (const one of [{ do: 'instruct' as const }, ...steps]) {
          if (await happen(world, payouts, one)) moved += 1
          expect(await verifyStatements(world.context)).toEqual([])
          expect(await closeReport(world.context)).toMatchObject({ agrees: true, differences: [] })
        }
        world.clock.set('2026-12-31T00:00:00Z')
        for (const month of ['2026-01', '2026-02', '2026-03', '2026-04'])
          expect((await closeReport(world.context, { month })).differences).toEqual([])
        expect(await hledgerBalances(await exported(world.context, 'hledger'))).toEqual(
          await ourBalances(world.context),
        )
      } finally {
        await world.close()
      }
    }),
    { numRuns: 5 },
  )
  expect(moved).toBeGreaterThan(10)
}, 240_000)

/** Does a step, if it can be done now; says whether it was. */
async function happen(world: TestWorld, payouts: Payout[], one: Step): Promise<boolean> {
  try {
    await doOne(world, payouts, one)
    return true
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

async function doOne(world: TestWorld, payouts: Payout[], one: Step): Promise<void> {
  switch (one.do) {
    case 'wait':
      world.clock.set(new Date(world.clock.now().getTime() + one.days * DAY_MS))
      return
    case 'instruct':
      payouts.push(...(await payoutsOf(world, await instructed(world))))
      return
    case 'send':
      payouts.push(...(await payoutsOf(world, await sent(world))))
      return
    default: {
      const payout = payouts[one.which % payouts.length]
      if (payout === undefined) return
      const at = new Date(world.clock.now().getTime() - one.daysBack * DAY_MS)
      await { settle, reject, return: giveBack }[one.do](world, payout, { at })
    }
  }
}
