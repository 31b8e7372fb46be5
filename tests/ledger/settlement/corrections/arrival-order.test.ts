import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../../app/projectors.ts'
import { verifyProjections } from '../../../../records/verify-projections.ts'
import { useWorld } from '../../../support/database.ts'
import {
  PATH_RULES,
  REFERRAL_RULE,
  rulesOfAllKinds,
  STAGES,
  type StoryFact,
  story,
  touchStory,
  withOneLate,
} from './arbitrary-story.ts'
import { balancesOf, close, correctionsIn, stageWith, tell, totalsOf } from './story-scene.ts'

const world = useWorld()
/** Rules of locked months that differed, in all that was told late. */
let corrected = 0
const MONTHS = ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06'] as const

beforeEach(() => {
  corrected = 0
  world.clock.set('2026-08-01T00:00:00Z')
})

/** Tells a story twice: all of it before the first closing, and each fact before its own. */
async function tellTwice(facts: readonly StoryFact[], termsFor: (parent: string) => object) {
  const inTime = await stageWith(world, termsFor)
  await tell(world, inTime, facts, () => true)
  for (const month of MONTHS) await close(world, inTime, month)
  const late = await stageWith(world, termsFor)
  for (const [stage, month] of MONTHS.entries()) {
    if (stage < STAGES) await tell(world, late, facts, (comes) => comes === stage)
    await close(world, late, month)
  }
  return { inTime, late }
}

async function expectSame(facts: readonly StoryFact[], termsFor: (parent: string) => object): Promise<void> {
  const { inTime, late } = await tellTwice(facts, termsFor)
  corrected += await correctionsIn(world, late)
  for (const stage of [inTime, late]) {
    for (const { earned, clawbacks, paid, carried, held } of await balancesOf(world, stage)) {
      expect(earned + clawbacks).toBe(paid + carried + held)
    }
  }
  expect(await totalsOf(world, late)).toEqual(await totalsOf(world, inTime))
}

const limits = { maxSharePpm: 300_000, capPerPeriod: 20_000 }
const holdback = { ppm: 123_456, periods: 2 }
const SHARES = () => ({ lookbackDays: 10, rules: [REFERRAL_RULE] })
const PATHS = () => ({ lookbackDays: 10, rules: PATH_RULES })
const ALL = (parent: string) => ({
  ...{ lookbackDays: 10, limits, holdback, minimumPayout: 2000 },
  rules: rulesOfAllKinds(parent),
})

describe('the order in which facts come changes no total of a month', () => {
  test.each([
    { of: 'referral shares', terms: SHARES, stories: story, numRuns: 8 },
    { of: 'all kinds, with caps and limits', terms: ALL, stories: story, numRuns: 10 },
    { of: 'all kinds, with one late fact', terms: ALL, stories: withOneLate(story), numRuns: 15 },
    { of: 'paths, with one late fact', terms: PATHS, stories: withOneLate(touchStory), numRuns: 15 },
  ])(
    '$of',
    async ({ terms, stories, numRuns }) => {
      await fc.assert(
        fc.asyncProperty(stories, (facts) => expectSame(facts, terms)),
        { numRuns, endOnFailure: true },
      )
      expect(corrected).toBeGreaterThan(0)
    },
    300_000,
  )
})

test('all that was closed follows from the log', async () => {
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
}, 60_000)
