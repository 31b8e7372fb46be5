import { beforeAll, expect, test } from 'vitest'
import { createProgramme } from '../../../ledger/agreements/create-programme.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { requireStatement } from '../../../ledger/settlement/require-statement.ts'
import { useWorld } from '../../support/database.ts'
import { liveMember, termsFor } from './scene.ts'

const world = useWorld()
const rules = [{ kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 100 }]

/** Two numbers that are the same, and one that is not. */
beforeAll(async () => {
  world.clock.set('2026-02-02T00:00:00Z')
  const { context } = world
  for (const [programme, partner] of [
    ['spring', 'sales-north'],
    ['spring-sales', 'north'],
    ['autumn', 'south'],
  ] as const) {
    await createProgramme(context, { code: programme, name: 'P', asset: 'CNY/2', timeZone: 'Asia/Shanghai' })
    await publishTerms(context, { programme, terms: termsFor(programme, { rules }) })
    await liveMember(context, [programme], { code: partner })
    await closePeriod(context, { programme, month: '2026-01' })
  }
})

test('a statement is found by its number and by its id', async () => {
  const found = await requireStatement(world.context, 'autumn-south-2026-01')
  expect(found).toMatchObject({ number: 'autumn-south-2026-01', earned: 100n, rules: [{ kind: 'MINIMUM_GUARANTEE' }] })
  expect(await requireStatement(world.context, found.id)).toEqual(found)
})

test('a number that two programmes gave is refused, while ids serve', async () => {
  const number = 'spring-sales-north-2026-01'
  await expect(requireStatement(world.context, number)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    field: 'statement',
  })
  const { edges } = await listStatements(world.context, { page: { first: 10 } })
  const twins = edges.filter(({ node }) => node.number === number)
  expect(twins).toHaveLength(2)
  for (const { node } of twins) expect(await requireStatement(world.context, node.id)).toMatchObject({ id: node.id })
})

test.each(['autumn-south-2026-02', 'autumn', '', 'sta_nothing', "' or true --"])('%j is not there', async (named) => {
  await expect(requireStatement(world.context, named)).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'statement' })
})
