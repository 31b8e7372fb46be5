import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type Debtor, debtor } from '../ledger/receivables/scene.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const period = useCli(world, 'period')
const ledger = useCli(world, 'ledger')
const receivable = useCli(world, 'receivable')
const opening = useCli(world, 'opening')
const CHART = fileURLToPath(new URL('../../examples/chart-cas.json', import.meta.url))
let owing: Debtor
let folder = ''

beforeAll(async () => {
  world.clock.set('2026-05-02T00:00:00Z')
  owing = await debtor(world)
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-report-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  vi.unstubAllEnvs()
})

test('the report is a table, a document, or CSV with the finance system’s accounts', { timeout: 120_000 }, async () => {
  const { out, code } = await period('report', '--month', '2026-02')
  expect(code).toBe(0)
  expect(out).toMatch(/RECEIVABLES .* 20\.00 .* 20\.00 .* yes/)
  expect(out).toContain('The books are what the journal has')
  const whole = JSON.parse((await period('report', '--month', '2026-02', '--json')).out)
  expect(whole).toMatchObject({ agrees: true, receivables: [{ agreement: owing.agreement, minor: '2000' }] })
  const csv = await period('report', '--month', '2026-02', '--table', 'receivables', '--csv', '--chart', CHART)
  const rows: object[] = parse(csv.out, { columns: true })
  expect(rows).toMatchObject([{ account: `Receivable:Partner:${owing.member.code}`, code: '1221', owed: '20.00' }])
  const ageing = await period('report', '--table', 'ageing')
  expect(ageing.out).toMatch(/OVER_90[\s\S]*20\.00/)
})

test('a chart that lacks an account is shown, and no export is made with it', { timeout: 120_000 }, async () => {
  expect(await ledger('chart', 'check', CHART)).toMatchObject({ code: 0, out: expect.stringContaining('应付账款') })
  expect((await ledger('trial-balance', '--chart', CHART)).out).toMatch(/1221 .* 其他应收款/)
  expect((await ledger('export', '--format', 'hledger', '--chart', CHART)).out).toContain(
    'account 2202 应付账款:Payable',
  )
  const file = path.join(folder, 'chart.json')
  await writeFile(file, JSON.stringify({ accounts: [{ account: 'Partner', code: '2202', name: '应付账款' }] }))
  const checked = await ledger('chart', 'check', file)
  expect(checked).toMatchObject({ code: 1, out: expect.stringMatching(/Receivable:Partner:.* NOT MAPPED/) })
  const refused = await ledger('export', '--format', 'csv', '--chart', file)
  expect([refused.code > 0, refused.out, refused.err]).toEqual([
    ...[true, '', expect.stringContaining('ACCOUNT_UNMAPPED')],
  ])
  expect(refused.err).toContain(`Receivable:Partner:${owing.member.code} in CNY/2`)
})

test('what is owed is written off, and balances are brought along, by two persons', { timeout: 120_000 }, async () => {
  vi.stubEnv('USER', 'ann')
  expect((await receivable('list')).out).toContain(owing.agreement)
  const words = ['write-off', '--agreement', owing.agreement, '--reason', 'it is gone', '--amount', '5', '--json']
  const { id } = JSON.parse((await receivable(...words)).out)
  expect((await receivable('approve', id)).err).toContain('FORBIDDEN')
  const file = path.join(folder, 'opening.csv')
  await writeFile(file, 'account,asset,amount\nBank:house,CNY/2,12.00\n')
  const proposal = ['propose', file, '--cut-over', '2026-05-01T00:00:00+08:00', '--reason', 'old books', '--json']
  const brought = JSON.parse((await opening(...proposal)).out)
  vi.stubEnv('USER', 'bo')
  expect((await receivable('approve', id)).out).toContain('APPROVED')
  expect((await opening('approve', brought.id)).out).toMatch(/Bank:house .* 12\.00[\s\S]* is APPROVED/)
  expect((await opening('list')).out).toContain(brought.id)
  expect((await receivable('write-offs', '--status', 'APPROVED')).out).toContain(id)
  expect((await period('report', '--table', 'checks')).out).toMatch(/Equity:Opening .* -12\.00 .* true/)
})
