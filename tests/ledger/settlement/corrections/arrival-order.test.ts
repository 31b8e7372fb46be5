import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { useWorld } from '../../../support/database.ts'
import { REFERRAL_RULE, rulesOfAllKinds, STAGES, type StoryFact, story } from './arbitrary-story.ts'
import { close, stageWith, tell, totalsOf } from './story-scene.ts'

const world = useWorld()
const MONTHS = ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06'] as const

beforeAll(() => {
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
  expect(await totalsOf(world, late)).toEqual(await totalsOf(world, inTime))
}

test('the order in which facts come changes no total of a month: referral shares', async () => {
  const terms = { lookbackDays: 10, rules: [REFERRAL_RULE] }
  await fc.assert(
    fc.asyncProperty(story, (facts) => expectSame(facts, () => terms)),
    { numRuns: 12 },
  )
}, 300_000)

test('the order in which facts come changes no total of a month: rules of all kinds, caps and limits', async () => {
  const limits = { maxSharePpm: 300_000, capPerPeriod: 20_000 }
  await fc.assert(
    fc.asyncProperty(story, (facts) =>
      expectSame(facts, (parent) => ({ lookbackDays: 10, limits, rules: rulesOfAllKinds(parent) })),
    ),
    { numRuns: 12 },
  )
}, 300_000)
