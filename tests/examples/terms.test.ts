import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { checkTerms } from '../../ledger/agreements/check-terms.ts'
import { createProgramme } from '../../ledger/agreements/create-programme.ts'
import { diffTerms } from '../../ledger/agreements/diff-terms.ts'
import { publishTerms } from '../../ledger/agreements/publish-terms.ts'
import { RULE_KINDS } from '../../ledger/agreements/terms.ts'
import { termsJsonSchema } from '../../ledger/agreements/terms-schema.ts'
import { balances } from '../../ledger/journal/balances.ts'
import { pointsBalance } from '../../ledger/points/points-balance.ts'
import { closePeriod } from '../../ledger/settlement/close-period.ts'
import { type ExplainedPart, explainStatement } from '../../ledger/settlement/explain-statement.ts'
import { tellDiff } from '../../ledger/splits/explain/tell-diff.ts'
import { faultsOf } from '../ledger/agreements/json-schema-faults.ts'
import { contribute, customersIn, earn, liveMember, nameAnew, refer } from '../ledger/settlement/scene.ts'
import { useWorld } from '../support/database.ts'

type Member = PartnerCaller & { readonly code: string }

const world = useWorld()
const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'))

/** The month that docs/terms.md tells of: a referral, assets, a service, a course, traffic, and touches of one customer. */
beforeAll(async () => {
  nameAnew()
  world.clock.set('2026-05-02T00:00:00Z')
  const { context } = world
  await createProgramme(context, { code: 'spring', name: 'Spring', asset: 'CNY/2', timeZone: 'Asia/Shanghai' })
  await publishTerms(context, { programme: 'spring', terms: await read('examples/terms.json') })
  const from = '2026-04-01T00:00:00+08:00'
  const alpine: Member = await liveMember(context, ['spring'], { from, code: 'alpine' })
  const birch: Member = await liveMember(context, ['spring'], { from, code: 'birch' })
  const [invested = '', touched = '', pupil = '', ...others] = await customersIn(world, 5)
  await refer(context, birch, { customers: [invested, ...others], at: '2026-04-02T00:00:00Z' })
  await earn(context, invested, [
    ['t1', 1233, '2026-04-05T00:00:00Z'],
    ['t2', 998, '2026-04-15T00:00:00Z'],
    ['t3', 58, '2026-04-21T23:59:59.999Z'],
    ['t4', 10_000, '2026-04-22T00:00:00Z'],
  ])
  const assets = { base: 'ASSETS' }
  await earn(context, invested, [['first', 120_000_000, '2026-04-03T00:00:00Z']], assets)
  await earn(context, invested, [['last', 195_432_199, '2026-04-28T00:00:00Z']], assets)
  const service = { kind: 'SERVICE_OUTCOME', asset: 'CNY/2', minor: 5000, score: 87, day: 20 }
  await contribute(context, birch, invested, service)
  const course = { course: 'options', units: 12, quantity: 3, asset: 'CNY/2', minor: 19_900 }
  await contribute(context, alpine, pupil, { kind: 'COURSE_COMPLETION', ...course, day: 7 })
  await contribute(context, alpine, undefined, { kind: 'TRAFFIC', unit: 'CLICK', quantity: 48_217, day: 8 })
  await contribute(context, alpine, touched, { kind: 'DATA', day: 10 })
  await contribute(context, birch, touched, { kind: 'DATA', day: 12 })
  await contribute(context, alpine, touched, { kind: 'DATA', day: 15 })
  await earn(context, touched, [['fee', 10_001, '2026-04-20T00:00:00Z']], { base: 'FEE' })
  await earn(context, touched, [['traded', 100_000, '2026-04-21T00:00:00Z']], { base: 'VOLUME' })
  await closePeriod(context, { programme: 'spring', month: '2026-04' })
})

async function explained(statement: string): Promise<readonly ExplainedPart[]> {
  const { parts } = await explainStatement(world.context, { statement, language: 'en' })
  return Array.fromAsync(parts)
}

const given = (parts: readonly ExplainedPart[]) =>
  parts.flatMap((part) => ('rule' in part ? [[part.rule.kind, part.rule.minor, part.rule.forgone]] : []))

test('the example’s month gives what is told of it', async () => {
  expect(given(await explained('spring-alpine-2026-04'))).toEqual([
    ['COURSE_COMPLETION', 1492n, 0n],
    ['TRAFFIC_UNIT_FEE', 55_000n, 5271n],
    ['DATA_CONVERSION', 3333n, 0n],
    ['POOL_SPLIT', 533n, 0n],
    // 10 % of 457.8 + 54716.0995 + 2500 + 1666.666… + 266.6933…
    ['OVERRIDE', 5961n, 0n],
    ['MINIMUM_GUARANTEE', 3681n, 0n],
  ])
  expect(given(await explained('spring-birch-2026-04'))).toEqual([
    ['REFERRAL_COMMISSION_SHARE', 458n, 0n],
    ['AUM_INCREMENT_TIERS', 54_716n, 0n],
    ['SERVICE_OUTCOME', 2500n, 0n],
    ['DATA_CONVERSION', 1667n, 0n],
    ['POOL_SPLIT', 267n, 0n],
    ['MINIMUM_GUARANTEE', 10_392n, 0n],
  ])
})

test('its referrals give points, which are no part of a statement', async () => {
  const points = await Promise.all(
    ['birch', 'alpine'].map(async (partner) => (await pointsBalance(world.context, { partner })).points),
  )
  expect(points).toEqual([350n, 0n])
  expect(await balances(world.context, { prefix: 'Expenses:Points' })).toMatchObject([{ asset: 'CNY/2', minor: 175n }])
})

test('every sentence that the guide quotes is one that the program tells', async () => {
  const guide = await readFile('docs/terms.md', 'utf8')
  const quoted = guide.split('\n').flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : []))
  const parts = [...(await explained('spring-alpine-2026-04')), ...(await explained('spring-birch-2026-04'))]
  const [before, after] = await Promise.all(
    ['examples/terms.json', 'examples/terms.next.json'].map(async (file) => checkTerms(await read(file)).terms),
  )
  const changes =
    before && after ? diffTerms(before, after).map((change) => tellDiff(change, { before, after }, 'en')) : []
  const told = new Set([...parts.map(({ sentence }) => sentence), ...changes])
  expect(quoted.length).toBeGreaterThan(15)
  expect(quoted.filter((sentence) => !told.has(sentence))).toEqual([])
})

test('the guide has a sound example of every kind of rule', async () => {
  const guide = await readFile('docs/terms.md', 'utf8')
  const rules = [...guide.matchAll(/```json\n(\{\s*"kind".*?)\n```/gs)].map(([, text = '']) => JSON.parse(text))
  expect(rules.map(({ kind }) => kind)).toEqual(RULE_KINDS)
  const example = (await read('examples/terms.json')) as object
  for (const rule of rules) expect(checkTerms({ ...example, rules: [rule] }).terms.rules).toHaveLength(1)
})

test('the schema beside the examples is the one that is published, and they are as it says', async () => {
  const schema = (await read('examples/terms.schema.json')) as Readonly<Record<string, unknown>>
  expect(schema).toEqual(JSON.parse(JSON.stringify(termsJsonSchema())))
  for (const file of ['examples/terms.json', 'examples/terms.next.json']) {
    expect(faultsOf(schema, await read(file))).toEqual([])
  }
})
