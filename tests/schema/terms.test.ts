import { beforeAll, describe, expect, test } from 'vitest'
import type { Caller, PartnerCaller } from '../../kernel/caller.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import { publishTerms } from '../../ledger/agreements/publish-terms.ts'
import { closePeriod } from '../../ledger/settlement/close-period.ts'
import { operationsSchema, partnerSchema } from '../../schema/graphs.ts'
import { customersIn, earn, liveMember, programmeWith, refer, termsFor } from '../ledger/settlement/scene.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
const staff: Caller = { kind: 'staff', name: 'alice', roles: new Set(['finance']), requestId: 'r-1' }
const RULE = { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 200_000, window: { days: 90 }, base: 'COMMISSION' }
let programme: string
let member: PartnerCaller & { readonly code: string }

const asStaff = (source: string): Promise<Answer> =>
  ask({ schema: operationsSchema, context: world.context, caller: staff }, source)
const asPartner = (source: string): Promise<Answer> =>
  ask({ schema: partnerSchema, context: world.context, caller: member }, source)

beforeAll(async () => {
  world.clock.set('2026-04-02T00:00:00Z')
  const { context } = world
  programme = await programmeWith(context)
  member = await liveMember(context, [programme])
  const [customer = ''] = await customersIn(world, 1)
  await refer(context, member, { customers: [customer], at: '2026-01-05T00:00:00Z' })
  await earn(context, customer, [['t1', 10_000, '2026-03-10T00:00:00Z']])
  const changes = {
    ...{ version: 2, effectiveFrom: '2026-03-01T00:00:00+08:00', lookbackDays: 7 },
    rules: [
      { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 3000 },
      { ...RULE, window: { days: 30 } },
    ],
  }
  await publishTerms(context, { programme, terms: termsFor(programme, changes) })
  for (const month of ['2026-01', '2026-02', '2026-03']) await closePeriod(context, { programme, month })
})

describe('terms in the graphs', () => {
  test('the staff reads every version with its rules as data and in words', async () => {
    const { data, codes } = await asStaff(`{ programmes(first: 100) { edges { node { code
      terms { version effectiveFrom effectiveTo hash body rules { place kind data english: sentence chinese: sentence(language: ZH_CN) } } } } } }`)
    expect(codes).toEqual([])
    const { terms } = programmesIn(data).find(({ code }) => code === programme) ?? { terms: [] }
    expect(terms).toMatchObject([
      { version: 1, effectiveTo: '2026-02-28T16:00:00.000Z', rules: [{ place: 0, kind: RULE.kind }] },
      {
        version: 2,
        effectiveTo: null,
        rules: [
          { place: 0, english: 'fills earnings up to 30.00 CNY', chinese: '收益不足 30.00 CNY 时补足' },
          { place: 1, data: { ratePpm: '200000', window: { days: 30 }, filter: {}, exclusive: false } },
        ],
      },
    ])
    for (const { hash, body } of terms) expect(sha256Hex(body)).toBe(hash)
  })

  test('a partner reads those of its own statement, and hashes them itself', async () => {
    const { data, codes } = await asPartner(
      '{ statements(month: "2026-03", first: 1) { edges { node { terms { version hash body } rules { kind terms { version hash } explanation } } } } }',
    )
    expect(codes).toEqual([])
    const { terms, rules } = statementIn(data)
    expect(terms.version).toBe(2)
    expect(sha256Hex(terms.body)).toBe(terms.hash)
    // the referral's window was opened under version 1
    expect(rules.map((rule) => [rule.kind, rule.terms.version])).toEqual([
      ['REFERRAL_COMMISSION_SHARE', 1],
      ['MINIMUM_GUARANTEE', 2],
    ])
    for (const rule of rules) expect(rule.explanation.terms).toEqual(rule.terms)
  })
})

describe('the difference of two versions', () => {
  const diff = (args: string) => asStaff(`{ termsDiff(${args}) { what path before after sentence } }`)

  test('is told as data and in words', async () => {
    const { data, codes } = await diff(`programme: "${programme}", from: 1, to: 2`)
    expect(codes).toEqual([])
    expect(data).toMatchObject({
      termsDiff: [
        { what: 'CHANGED', path: 'version', before: '1', after: '2', sentence: 'Version: 2 instead of 1.' },
        { path: 'effectiveFrom' },
        { path: 'lookbackDays', before: '30', after: '7', sentence: 'Lookback: 7 days instead of 30 days.' },
        { what: 'ADDED', path: 'rules.0', before: null, after: { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: '3000' } },
        { path: 'rules.1.window', before: { days: '90' }, after: { days: '30' } },
      ],
    })
    const chinese = await diff(`programme: "${programme}", from: 2, to: 1, language: ZH_CN`)
    expect(JSON.stringify(chinese.data)).toContain('规则 1（原规则 2）：计酬窗口由 30 天 变为 90 天。')
  })

  test.each([
    ['a version that is not there', () => `programme: "${programme}", from: 1, to: 3`],
    ['a version that cannot be', () => `programme: "${programme}", from: -7, to: 1`],
    ['a programme that is not there', () => 'programme: "nowhere", from: 1, to: 2'],
  ])('of %s is not found', async (_, args) => {
    expect(await diff(args())).toEqual({ data: null, codes: ['NOT_FOUND'] })
  })
})

type ReadTerms = { readonly version: number; readonly hash: string; readonly body: string }
type ReadProgramme = { readonly code: string; readonly terms: readonly ReadTerms[] }
type ReadRule = { readonly kind: string; readonly terms: ReadTerms; readonly explanation: { readonly terms: object } }
type ReadStatement = { readonly terms: ReadTerms; readonly rules: readonly ReadRule[] }

function programmesIn(data: unknown): readonly ReadProgramme[] {
  return (data as { programmes: { edges: { node: ReadProgramme }[] } }).programmes.edges.map(({ node }) => node)
}

function statementIn(data: unknown): ReadStatement {
  const [edge] = (data as { statements: { edges: { node: ReadStatement }[] } }).statements.edges
  if (edge === undefined) throw new Error('there is no statement')
  return edge.node
}
