import { describe, expect, test } from 'vitest'
import { useWorld } from '../../support/database.ts'
import { type NaiveStatement, settle } from '../../support/naive-rules/settle.ts'
import { differences, naiveOutcomesOf, outcomesOf } from './outcome.ts'
import { putIn } from './put-in.ts'
import { type Case, randomCase } from './random-case.ts'
import { KINDS, MODELS } from './random-terms.ts'

// Months of random programmes are closed on a real database, and their statements compared with the naive rules, to the
// minor unit of every line. A case follows from its seed alone. For more of them, or one alone:
//
//   RULES_CASES=500 RULES_SEED=1000 npx vitest run tests/ledger/rules/generated.test.ts
const CASES = Number(process.env['RULES_CASES'] ?? 16)
const FIRST = Number(process.env['RULES_SEED'] ?? 17)
const AT_A_TIME = 4

const world = useWorld()
const seen = new Set<string>()

describe('months of random terms and facts', () => {
  const batches = Math.ceil(CASES / AT_A_TIME)
  const firsts = Array.from({ length: batches }, (_, batch) => FIRST + batch * AT_A_TIME)

  test.each(firsts)('are settled as by the naive rules (seeds from %i)', { timeout: 120_000 }, async (first) => {
    const end = Math.min(first + AT_A_TIME, FIRST + CASES)
    for (let seed = first; seed < end; seed++) await compare(randomCase(seed))
  })

  test('are settled so where a flow of an earlier month was refunded', { timeout: 120_000 }, async () => {
    await compare(randomCase(5356))
  })

  // few cases do not have them all
  if (CASES >= 16) {
    test('have rules of every kind and model that give something', () => {
      expect([...KINDS, ...MODELS].filter((name) => !seen.has(name))).toEqual([])
    })
  }
})

async function compare(given: Case): Promise<void> {
  const { context, clock } = world
  const { months } = given.ground
  clock.set('2026-12-01T00:00:00Z')
  const put = await putIn(world, given)
  const stated = await outcomesOf(context, put)
  const naive = settle(put.facts, months)
  note(naive)
  const found = differences(stated, naiveOutcomesOf(naive))
  if (found.length > 0) throw new Error(`seed ${given.seed} differs:\n${found.join('\n')}\n${told(given)}`)
}

function note(statements: readonly NaiveStatement[]): void {
  for (const { placed, total } of statements.flatMap(({ earnings }) => earnings)) {
    if (total === 0n) continue
    seen.add(placed.rule.kind)
    if ('attribution' in placed.rule) seen.add(placed.rule.attribution.model)
  }
}

function told(given: Case): string {
  return JSON.stringify(given, (_, value) => (typeof value === 'bigint' ? `${value}` : value), 1)
}
