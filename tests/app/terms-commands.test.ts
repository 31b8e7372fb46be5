import { beforeAll, describe, expect, test } from 'vitest'
import { publishTerms } from '../../ledger/agreements/publish-terms.ts'
import { closePeriod } from '../../ledger/settlement/close-period.ts'
import {
  customersIn,
  earn,
  freshCode,
  liveMember,
  programmeWith,
  type Revenue,
  refer,
  termsFor,
} from '../ledger/settlement/scene.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const rules = useCli(world, 'rules')
const terms = useCli(world, 'terms')
const RULE = { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 200_000, window: { days: 90 }, base: 'COMMISSION' }
/** Each command starts a process. */
const SLOW = { timeout: 90_000 }
/** More than a page of lines. */
const EVENTS = 120
let programme: string
let number: string

beforeAll(async () => {
  world.clock.set('2026-03-02T00:00:00Z')
  const { context } = world
  programme = await programmeWith(context, { rules: [RULE, { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 30_000 }] })
  const member = await liveMember(context, [programme], { code: freshCode('birch') })
  const [customer = ''] = await customersIn(world, 1)
  await refer(context, member, { customers: [customer], at: '2026-01-05T00:00:00Z' })
  const events = Array.from({ length: EVENTS }, (_, no): Revenue => [`e${no}`, 1001, '2026-01-10T00:00:00Z'])
  await earn(context, customer, events)
  await closePeriod(context, { programme, month: '2026-01' })
  number = `${programme}-${member.code}-2026-01`
  const second = { version: 2, effectiveFrom: '2026-03-01T00:00:00+08:00', rules: [{ ...RULE, ratePpm: 250_000 }] }
  await publishTerms(context, { programme, terms: termsFor(programme, second) })
})

describe('rules explain', () => {
  test('tells every rule and every line of a statement', async () => {
    const { code, out, err } = await rules('explain', number)
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(`${number}: 300.00 CNY, terms version 1 (`)
    expect(out).toContain('gives 20 % of commission within 90 days of the referral. 120 lines, exactly 240.24 CNY')
    expect(out).toContain('Guaranteed 300.00 CNY − earned 240.24 CNY')
    const lines = out.split('\n').filter((line) => line.startsWith('  pol_'))
    expect(lines).toHaveLength(EVENTS + 1)
    expect(lines.filter((line) => line.includes('10.01 CNY × 20 % = 2.002 CNY exactly'))).toHaveLength(EVENTS)
  })

  test('gives the same as data, whose lines sum to what their rules gave', async () => {
    const { code, out } = await rules('--json', 'explain', number, '--language', 'zh-CN')
    const told: Told = JSON.parse(out)
    expect([code, told.number, told.earned]).toEqual([0, number, '30000'])
    expect(told.rules.map(({ kind, lines }) => [kind, lines.length])).toEqual([
      ['REFERRAL_COMMISSION_SHARE', EVENTS],
      ['MINIMUM_GUARANTEE', 1],
    ])
    for (const { minor, lines, sentence } of told.rules) {
      expect(lines.reduce((sum, line) => sum + BigInt(line.minor), 0n)).toBe(BigInt(minor))
      expect(sentence).toContain('条款第 1 版规则')
    }
    expect(told.rules[0]?.lines[0]).toMatchObject({
      sentence: expect.stringContaining('10.01 CNY × 20 %，精确值为 2.002 CNY'),
      explanation: { exact: { numerator: '1001', denominator: '5' } },
    })
  })

  test('tells one line alone, with its rule', SLOW, async () => {
    const told: Told = JSON.parse((await rules('--json', 'explain', number)).out)
    const line = told.rules[1]?.lines[0]?.id ?? ''
    const { out } = await rules('explain', told.id, '--line', line)
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringContaining(number),
      '',
      expect.stringMatching(/^Rule 2 of terms version 1 fills earnings up to 300.00 CNY\. 1 line/),
      expect.stringMatching(new RegExp(`^  ${line}  Guaranteed 300.00 CNY − earned 240.24 CNY = 59.76 CNY exactly`)),
    ])
  })

  test.each([
    ['a statement', () => ['explain', 'nothing-2026-01']],
    ['a line', () => ['explain', number, '--line', `pol_${'0'.repeat(32)}`]],
    ['an id of another kind', () => ['explain', number, '--line', 'ctr_1']],
  ])('fails for %s that is not there', async (_, words) => {
    const { code, out, err } = await rules(...words())
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(/^NOT_FOUND: /)])
  })
})

describe('terms diff', () => {
  test('tells what changed, for people and for machines', SLOW, async () => {
    const { code, out } = await terms('diff', programme, '1', '2')
    expect(code).toBe(0)
    expect(out).toMatch(/rules\.0\.ratePpm +│ Rule 1, rate: 25 % instead of 20 %\./)
    expect(out).toMatch(/rules\.1 +│ Rule 2 of version 1 falls away, which fills earnings up to 300\.00 CNY\./)
    const chinese = await terms('diff', programme, '1', '2', '--language', 'zh-CN')
    expect(chinese.out).toContain('规则 1：费率由 20 % 变为 25 %。')
    const json = await terms('--json', 'diff', programme, '1', '2')
    expect(JSON.parse(json.out)).toContainEqual({
      what: 'CHANGED',
      path: 'rules.0.ratePpm',
      before: '200000',
      after: '250000',
      rule: { kind: 'REFERRAL_COMMISSION_SHARE', before: 0, after: 0 },
      sentence: 'Rule 1, rate: 25 % instead of 20 %.',
    })
    expect((await terms('diff', programme, '2', '2')).out).toBe('(none)\n')
  })

  test.each([
    ['a version that is not there', ['1', '3'], 'NOT_FOUND'],
    ['a version that is no number', ['1', 'two'], 'INVALID_INPUT'],
  ])('fails for %s', async (_, versions, fault) => {
    const { code, out, err } = await terms('diff', programme, ...versions)
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(new RegExp(`^${fault}: `))])
  })
})

type Told = {
  readonly id: string
  readonly number: string
  readonly earned: string
  readonly rules: readonly {
    readonly kind: string
    readonly minor: string
    readonly sentence: string
    readonly lines: readonly { readonly id: string; readonly minor: string; readonly sentence: string }[]
  }[]
}
