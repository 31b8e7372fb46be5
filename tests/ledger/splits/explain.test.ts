import { expect, test } from 'vitest'
import type { TermsVersion } from '../../../ledger/agreements/terms.ts'
import { tellLine } from '../../../ledger/splits/explain/tell-line.ts'
import { tellRule } from '../../../ledger/splits/explain/tell-rule.ts'
import type { ExplainIn } from '../../../ledger/splits/explain/words.ts'
import { explainMatch, explainSplit, withoutSums } from '../../../ledger/splits/explain-match.ts'
import { matchRules, rulesInOrder } from '../../../ledger/splits/match-rules.ts'
import { JUDGING, share, split, termsOf, W1 } from './facts.ts'

const english: ExplainIn = { asset: 'CNY/2', timeZone: 'Asia/Shanghai', language: 'en' }
const chinese: ExplainIn = { ...english, language: 'zh-CN' }

test('a rule tells its sum, its one rounding and its total', () => {
  const explanation = ruleOf(termsOf([share()]))
  expect(tellRule(explanation, english)).toBe(
    'Rule 1 of terms version 1 gives 20 % of commission within 90 days of the referral. ' +
      '3 lines, exactly 4.578 CNY together. Rounded once, half to even: 4.58 CNY.',
  )
  expect(tellRule(explanation, chinese)).toBe(
    '条款第 1 版规则 1：推荐后 90 天内，按佣金的 20 % 计酬。共 3 行，精确合计 4.578 CNY。一次舍入（四舍六入五成双）后为 4.58 CNY。',
  )
})

test('a line tells its contribution, its event, the window and the exact amount', () => {
  const terms = termsOf([share()])
  const [fact] = W1
  const [match] = fact ? matchRules(rulesInOrder(terms), fact, JUDGING) : []
  const explanation = fact && match && explainMatch(fact, match, JUDGING)
  expect(explanation).toEqual({
    contribution: { id: fact?.referral?.id, externalId: 'REF-1', at: '2026-01-15T00:00:00.000Z' },
    event: {
      id: fact?.event.id,
      source: 'core',
      externalId: 't1',
      at: '2026-01-20T00:00:00.000Z',
      base: 'COMMISSION',
      minor: '1233',
    },
    window: { from: '2026-01-15T00:00:00.000Z', to: '2026-04-15T00:00:00.000Z' },
    exact: { numerator: '1233', denominator: '5' },
  })
  const line = explanation && { minor: 247n, explanation }
  expect(line && tellLine(line, ruleOf(terms), english)).toBe(
    'Contribution REF-1 opened a window from 2026-01-15 08:00:00.000 UTC+08:00 until before 2026-04-15 08:00:00.000 UTC+08:00. ' +
      'Event core/t1 of 2026-01-20 08:00:00.000 UTC+08:00 lies in it: 12.33 CNY × 20 % = 2.466 CNY exactly; ' +
      "after rounding the rule's total once, this line is 2.47 CNY (terms version 1, rule 1).",
  )
  expect(line && tellLine(line, ruleOf(terms), chinese)).toBe(
    '贡献 REF-1 的计酬窗口自 2026-01-15 08:00:00.000 UTC+08:00 起，至 2026-04-15 08:00:00.000 UTC+08:00 之前止。' +
      '事件 core/t1 发生于 2026-01-20 08:00:00.000 UTC+08:00，在窗口之内：12.33 CNY × 20 %，精确值为 2.466 CNY；' +
      '规则合计一次舍入并分摊后，本行为 2.47 CNY（条款第 1 版，规则 1）。',
  )
})

test('caps and limits are told with what they took', () => {
  const rules = [share({ priority: 1, window: { months: 3 } }), share({ priority: 2 })]
  const terms = termsOf(rules, { limits: { maxSharePpm: 300_000n, capPerPeriod: 400n } })
  const explanation = ruleOf(terms)
  expect(tellRule(explanation, english)).toBe(
    'Rule 1 of terms version 1 gives 20 % of commission within 3 calendar months of the referral. ' +
      '3 lines, exactly 4.578 CNY together. ' +
      "Stacked rules exceeded the limit of 30 %: this rule's part of 4.578 CNY became 3.43 CNY. " +
      "All rules together exceeded the agreement's cap of 4.00 CNY: this rule's total became 2.00 CNY. " +
      'Rounded once, half to even: 2.00 CNY. Forgone: 2.58 CNY.',
  )
  expect(tellRule(explanation, chinese)).toContain('叠加规则超过上限 30 %：本规则的部分由 4.578 CNY 变为 3.43 CNY。')
  expect(tellRule(explanation, chinese)).toContain('未计付 2.58 CNY。')
})

test('without the exact sums a rule still tells its total, and no sum', () => {
  const rules = [share({ priority: 1 }), share({ priority: 2 })]
  const explanation = withoutSums(ruleOf(termsOf(rules, { limits: { maxSharePpm: 300_000n, capPerPeriod: 400n } })))
  for (const options of [english, chinese]) {
    const told = tellRule(explanation, options)
    expect(told).toContain('2.00 CNY')
    expect(told).not.toContain('4.578')
    expect(told).not.toContain('undefined')
  }
  expect(JSON.stringify(explanation)).not.toMatch(/together|before|numerator/)
})

function ruleOf(terms: TermsVersion) {
  const [first] = split(terms, W1)
  if (first === undefined) throw new Error('no rule matched')
  return explainSplit(first)
}
