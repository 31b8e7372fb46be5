import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { useWorld } from '../../../support/database.ts'
import {
  PATH_RULES,
  REFERRAL_RULE,
  rulesOfAllKinds,
  STAGES,
  type StoryFact,
  story,
  touchStory,
} from './arbitrary-story.ts'
import { close, correctionsIn, stageWith, tell, totalsOf } from './story-scene.ts'

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
  expect(await totalsOf(world, late)).toEqual(await totalsOf(world, inTime))
}

test('the order in which facts come changes no total of a month: referral shares', async () => {
  const terms = { lookbackDays: 10, rules: [REFERRAL_RULE] }
  await fc.assert(
    fc.asyncProperty(story, (facts) => expectSame(facts, () => terms)),
    { numRuns: 12 },
  )
  expect(corrected).toBeGreaterThan(0)
}, 300_000)

test('the order in which facts come changes no total of a month: rules of all kinds, caps and limits', async () => {
  const limits = { maxSharePpm: 300_000, capPerPeriod: 20_000 }
  await fc.assert(
    fc.asyncProperty(story, (facts) =>
      expectSame(facts, (parent) => ({ lookbackDays: 10, limits, rules: rulesOfAllKinds(parent) })),
    ),
    { numRuns: 12 },
  )
  expect(corrected).toBeGreaterThan(0)
}, 300_000)

test('the order in which facts come changes no total of a month: paths', async () => {
  await fc.assert(
    fc.asyncProperty(touchStory, (facts) => expectSame(facts, () => ({ lookbackDays: 10, rules: PATH_RULES }))),
    { numRuns: 12 },
  )
  expect(corrected).toBeGreaterThan(0)
}, 300_000)
