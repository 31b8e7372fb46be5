import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closeReport } from '../../../ledger/reports/close-report.ts'
import { verifyStatements } from '../../../ledger/reports/verify-statements.ts'
import { createWorld } from '../../support/database.ts'
import { exported, hledgerBalances, ourBalances } from '../journal/eyes.ts'
import { rulesOfAllKinds, story } from '../settlement/corrections/arbitrary-story.ts'
import { close, stageWith, tell } from '../settlement/corrections/story-scene.ts'

const MONTHS = ['2026-02', '2026-03', '2026-04', '2026-05']

const amounts = fc.record({
  held: fc.constantFrom(0, 100_000, 333_333),
  periods: fc.integer({ min: 1, max: 2 }),
  minimumPayout: fc.constantFrom(0, 5000),
})

test('whatever happens, statements come to what the journal has, after each month, and hledger finds the same', async () => {
  await fc.assert(
    fc.asyncProperty(story, amounts, async (facts, { held, periods, minimumPayout }) => {
      const world = await createWorld()
      try {
        world.clock.set('2026-07-02T00:00:00Z')
        const settling = { holdback: { ppm: held, periods }, minimumPayout, clawbackDays: 60 }
        const stage = await stageWith(world, (parent) => ({ first: { rules: rulesOfAllKinds(parent), ...settling } }))
        for (const [place, month] of MONTHS.entries()) {
          await tell(world, stage, facts, (comes) => comes === place)
          await close(world, stage, month)
          expect(await verifyStatements(world.context)).toEqual([])
          expect(await closeReport(world.context, { month })).toMatchObject({ agrees: true, differences: [] })
        }
        // as of earlier months nothing has changed by what was learnt since
        for (const month of MONTHS) expect((await closeReport(world.context, { month })).differences).toEqual([])
        expect(await hledgerBalances(await exported(world.context, 'hledger'))).toEqual(
          await ourBalances(world.context),
        )
      } finally {
        await world.close()
      }
    }),
    { numRuns: 3 },
  )
}, 240_000)
