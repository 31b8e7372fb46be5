import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseTerms } from '../../ledger/agreements/parse-terms.ts'
import { bodyOf, hashOfBody } from '../../ledger/agreements/terms-body.ts'
import { termsJsonSchema } from '../../ledger/agreements/terms-schema.ts'
import { REFERRAL_RULE, termsInput } from '../ledger/agreements/factories.ts'
import { useCli } from '../support/cli.ts'

const run = useCli(undefined, 'rules')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-terms-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function fileOf(content: object | string): Promise<string> {
  const file = path.join(folder, 'terms.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

const GUARANTEE = { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 70_000 }
const FILTERED = { ...REFERRAL_RULE, filter: { market: ['CN', 'HK'] }, priority: 2, exclusive: true }
const SOUND = termsInput('spring', { rules: [FILTERED, GUARANTEE] })

describe('rules check, without a database', () => {
  test('tells of sound terms what each rule does, and the hash they will be known by', {
    timeout: 90_000,
  }, async () => {
    const file = await fileOf(SOUND)
    const hash = hashOfBody(bodyOf(parseTerms(SOUND)))
    const { code, out, err } = await run('check', file)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /1 +│ REFERRAL_COMMISSION_SHARE │ 2 +│ yes +│ market: CN, HK │ gives 20 % of commission within 90/,
    )
    expect(out).toMatch(/2 +│ MINIMUM_GUARANTEE +│ +│ +│ +│ fills earnings up to 700.00 CNY/)
    expect(out).toContain(`Sound: version 1 of spring, in force from 2026-01-01 00:00:00.000 UTC+08:00, hash ${hash}.`)
    expect((await run('check', file, '--language', 'zh-CN')).out).toContain('推荐后 90 天内，按佣金的 20 % 计酬')
    const json = await run('--json', 'check', file)
    expect(JSON.parse(json.out)).toMatchObject({ sound: true, programme: 'spring', version: 1, hash })
  })

  test.each([
    ['a rate that is none', termsInput('spring', { rules: [{ ...REFERRAL_RULE, ratePpm: -5 }] }), 'rules.0.ratePpm'],
    ['a time zone that is none', termsInput('spring', { timeZone: 'Asia/Atlantis' }), 'timeZone'],
    ['a start within a month', termsInput('spring', { effectiveFrom: '2026-01-02T00:00:00+08:00' }), 'effectiveFrom'],
  ])('tells of %s where the fault is, and fails', async (_, content, field) => {
    const { code, out, err } = await run('--json', 'check', await fileOf(content))
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ sound: false, code: 'INVALID_INPUT', field })
    expect(err).toContain(`INVALID_INPUT: terms: ${field}: `)
  })

  test('refuses a file that two readers could read differently', async () => {
    const twice = JSON.stringify(SOUND).replace('"priority":2', '"priority":2,"priority":3')
    const file = await fileOf(twice)
    const { code, out, err } = await run('check', file)
    expect([code, out, err]).toEqual([1, '', `INVALID_INPUT: a key stands twice in one object of ${file}\n`])
  })
})

test('rules schema prints what the gateway publishes', async () => {
  const { code, out } = await run('schema')
  expect([code, JSON.parse(out)]).toEqual([0, termsJsonSchema()])
})
