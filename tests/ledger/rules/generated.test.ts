import { describe, expect, test } from 'vitest'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { useWorld } from '../../support/database.ts'
import { settle } from '../../support/naive-rules/settle.ts'
import { differences, naiveOutcomesOf, outcomesOf } from './outcome.ts'
import { putIn } from './put-in.ts'
import { randomCase } from './random-case.ts'
import { KINDS, type Kind } from './random-terms.ts'

const world = useWorld()

const CASES = Number(process.env['RULES_CASES'] ?? 5)
const FIRST = Number(process.env['RULES_SEED'] ?? 1)
const ONLY = (process.env['RULES_KINDS']?.split(',') ?? KINDS) as Kind[]

describe('months of random terms and facts', () => {
  test.for(Array.from({ length: CASES }, (_, at) => FIRST + at))('seed %i', { timeout: 60_000 }, async (seed) => {
    const { context, clock } = world
    clock.set('2026-12-01T00:00:00Z')
    const given = randomCase(seed, ONLY)
    const put = await putIn(world, given)
    const { programme, facts } = put
    for (const month of given.ground.months) await closePeriod(context, { programme, month })
    const stated = await outcomesOf(context, put)
    const naive = naiveOutcomesOf(settle(facts, given.ground.months))
    expect(differences(stated, naive)).toEqual([])
  })
})
