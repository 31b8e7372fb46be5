import { beforeAll, describe, expect, test } from 'vitest'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { agreementProjector } from '../../../ledger/agreements/project-agreements.ts'
import { factProjector } from '../../../ledger/facts/project-facts.ts'
import { journalProjector } from '../../../ledger/journal/project-entries.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { findStatement, type StatementDetail } from '../../../ledger/settlement/find-statement.ts'
import { listStatementLines } from '../../../ledger/settlement/list-statement-lines.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { settlementProjector } from '../../../ledger/settlement/project-settlement.ts'
import { tellLine } from '../../../ledger/splits/explain/tell-line.ts'
import { useWorld } from '../../support/database.ts'
import { projectIntoCopies, recordsOf } from '../projection/log-copy.ts'
import { contribute, customersIn, earn, freshCode, liveMember, programmeWith, refer } from './scene.ts'

type Member = PartnerCaller & { readonly code: string }

const world = useWorld()
const parentCode = freshCode('alpine')
let programme: string
let alpine: Member
let birch: Member
let statements: { readonly alpine: StatementDetail; readonly birch: StatementDetail }

const RULES = [
  { kind: 'COURSE_COMPLETION', ratePpm: 300_000 },
  {
    kind: 'AUM_INCREMENT_TIERS',
    tiers: [{ upTo: 10_000_000, ppm: 1000 }, { upTo: 50_000_000, ppm: 800 }, { ppm: 500 }],
    mode: 'GRADUATED',
    highWaterMark: true,
    basis: 'BALANCE',
  },
  { kind: 'TRAFFIC_UNIT_FEE', feePerThousand: 1250, unit: 'CLICK', capPerPeriod: 55_000 },
  {
    kind: 'SERVICE_OUTCOME',
    ratePpm: 500_000,
    scoreTiers: [
      { minScore: 0, ppm: 200_000 },
      { minScore: 80, ppm: 1_000_000 },
    ],
  },
  { kind: 'POOL_SPLIT', poolPpm: 100_000, housePpm: 200_000, base: 'FEE', attribution: { model: 'LINEAR' } },
  { kind: 'DATA_CONVERSION', ratePpm: 50_000, base: 'VOLUME', attribution: { model: 'MARKOV' } },
  { kind: 'OVERRIDE', parentPartner: parentCode, ratePpm: 100_000 },
  { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 70_000 },
]

beforeAll(async () => {
  world.clock.set('2026-05-02T00:00:00Z')
  const { context } = world
  programme = await programmeWith(context, { rules: RULES })
  const from = '2026-04-01T00:00:00+08:00'
  alpine = await liveMember(context, [programme], { from, code: parentCode })
  birch = await liveMember(context, [programme], { from, code: freshCode('birch') })
  const [invested = '', touched = '', pupil = ''] = await customersIn(world, 3)
  await refer(context, birch, { customers: [invested], at: '2026-04-02T00:00:00Z' })
  const assets = { base: 'ASSETS' }
  await earn(context, invested, [['first', 120_000_000, '2026-04-03T00:00:00Z']], assets)
  await earn(context, invested, [['last', 195_432_199, '2026-04-28T00:00:00Z']], assets)
  await contribute(context, birch, invested, {
    kind: 'SERVICE_OUTCOME',
    asset: 'CNY/2',
    minor: 5000,
    score: 87,
    day: 20,
  })
  await contribute(context, alpine, pupil, {
    ...{ kind: 'COURSE_COMPLETION', course: 'options', units: 12, quantity: 3, asset: 'CNY/2', minor: 19_900, day: 7 },
  })
  await contribute(context, alpine, undefined, { kind: 'TRAFFIC', unit: 'CLICK', quantity: 48_217, day: 8 })
  for (const [member, day] of [
    [alpine, 10],
    [birch, 12],
    [alpine, 15],
  ] as const) {
    await contribute(context, member, touched, { kind: 'DATA', day })
  }
  await earn(context, touched, [['fee', 10_001, '2026-04-20T00:00:00Z']], { base: 'FEE' })
  await earn(context, touched, [['traded', 100_000, '2026-04-21T00:00:00Z']], { base: 'VOLUME' })
  await closePeriod(context, { programme, month: '2026-04' })
  statements = { alpine: await statementOf(alpine), birch: await statementOf(birch) }
})

async function statementOf({ partner }: Member): Promise<StatementDetail> {
  const { edges } = await listStatements(world.context, { partner, page: { first: 10 } })
  const id = edges[0]?.node.id
  const found = id && (await findStatement(world.context, { id }))
  if (!found) throw new Error('there is no statement')
  return found
}

const earningsOf = ({ rules }: StatementDetail) => rules.map(({ kind, minor, forgone }) => [kind, minor, forgone])

describe('a month with rules of every kind', () => {
  test('gives the parent its course, traffic, pools, override and guarantee', () => {
    expect(earningsOf(statements.alpine)).toEqual([
      ['COURSE_COMPLETION', 1492n, 0n],
      ['TRAFFIC_UNIT_FEE', 55_000n, 5271n],
      ['POOL_SPLIT', 533n, 0n],
      // A > B > A once: without B half of the chances are left, without A none, so 1 to 1/2
      ['DATA_CONVERSION', 3333n, 0n],
      // 10 % of 54716.0995 + 2500 + 266.6933… + 1666.6666…
      ['OVERRIDE', 5915n, 0n],
      ['MINIMUM_GUARANTEE', 3727n, 0n],
    ])
  })

  test('gives the child its assets, service, pools and guarantee', () => {
    expect(earningsOf(statements.birch)).toEqual([
      ['AUM_INCREMENT_TIERS', 54_716n, 0n],
      ['SERVICE_OUTCOME', 2500n, 0n],
      ['POOL_SPLIT', 267n, 0n],
      ['DATA_CONVERSION', 1667n, 0n],
      ['MINIMUM_GUARANTEE', 10_850n, 0n],
    ])
  })

  test('names a contribution behind every line but those of the override and the guarantee', async () => {
    const { edges } = await listStatementLines(world.context, { statement: statements.alpine.id, page: { first: 50 } })
    expect(edges.map(({ node }) => [node.ruleNo, node.contributionExternalId])).toEqual([
      [1, 'COURSE_COMPLETION-7'],
      [2, 'TRAFFIC-8'],
      [3, 'DATA-15'],
      [4, 'DATA-15'],
      [5, undefined],
      [6, undefined],
    ])
  })

  test('tells in sentences how a conversion was shared', async () => {
    const { edges } = await listStatementLines(world.context, { statement: statements.birch.id, page: { first: 50 } })
    const sentences = (language: 'en' | 'zh-CN') =>
      [3, 4].map((no) => {
        const line = edges.find(({ node }) => node.ruleNo === no)?.node
        const rule = statements.birch.rules.find(({ ruleNo }) => ruleNo === no)
        return line && rule && tellLine(line, rule.explanation, { asset: 'CNY/2', timeZone: 'Asia/Shanghai', language })
      })
    const [pooled, data] = sentences('en')
    expect(pooled).toContain(
      'came after 3 touches by 2 members, of the partner DATA-12 (8 days before); by equal parts its part is 1/3. ' +
        '100.01 CNY × 10 % × 1/3 × (1 − 20 %)',
    )
    expect(data).toContain(
      'by removal effects (Markov) its part is 1/3. The value of all conversions of the period × 5 % × 1/3',
    )
    expect(sentences('zh-CN')[0]).toContain('按均分归因，所占份额为 1/3。100.01 CNY × 10 % × 1/3 × (1 − 20 %)')
  })

  test('shows the partner, without any consent, the lines that are no customer’s', async () => {
    const page = { first: 50 }
    const { edges } = await listStatementLines(world.context, { statement: statements.alpine.id, caller: alpine, page })
    expect(edges.map(({ node }) => [node.ruleNo, node.minor])).toEqual([
      [2, 55_000n],
      [5, 5915n],
      [6, 3727n],
    ])
    expect(await world.owner`select from disclosures`).toHaveLength(0)
  })

  test('follows from its records', async () => {
    const ledger = [agreementProjector, factProjector, journalProjector, settlementProjector]
    const records = await recordsOf(world.context, world.owner, ledger)
    expect(await projectIntoCopies(world.context, ledger, [records])).toEqual({ differences: [], waiting: [] })
  })
})
