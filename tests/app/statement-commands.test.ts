import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { issued } from '../ledger/disputes/scene.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const run = useCli(world, 'statement')
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-statements-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
afterEach(() => {
  vi.unstubAllEnvs()
})

/** The clock of commands is the machine's: these statements may be disputed for long. */
const TERMS = { disputeDays: 3000 }

test('statements are listed, shown and exported', { timeout: 180_000 }, async () => {
  const { statement, member } = await issued(world, { ...TERMS, tax: { vatPpm: 60_000 } })
  const [listed] = JSON.parse((await run('list', '--json', '--partner', member.code)).out)
  expect(listed).toMatchObject({ number: statement.number, payout: '600', vat: '36', status: 'ISSUED' })
  const table = await run('list', '--month', '2026-02', '--partner', member.code)
  for (const heading of ['released', 'clawbacks', 'vat', 'withholding', 'transfer', 'status']) {
    expect(table.out).toContain(heading)
  }
  const shown = await run('show', statement.number)
  expect(shown.out).toMatch(/transfer.*6\.36/)
  expect(shown.out).toContain('is not sealed yet')
  vi.stubEnv('TRIBUTARY_NAME', '海港证券')
  const file = path.join(folder, 'statement.pdf')
  const written = await run('export', statement.id, '--format', 'pdf', '--language', 'zh-CN', '--out', file, '--json')
  expect(JSON.parse(written.out)).toEqual({ statement: statement.number, file })
  expect((await readFile(file)).toString('latin1', 0, 5)).toBe('%PDF-')
  const json = JSON.parse((await run('export', statement.number, '--format', 'json')).out)
  expect(json).toMatchObject({ issuer: '海港证券', lineCount: '3' })
  expect((await run('export', statement.number, '--format', 'csv')).out.split('\r\n')).toHaveLength(5)
  expect(await readdir(folder)).toEqual(['statement.pdf'])
})

test('what cannot be is refused with a code, and leaves no file', { timeout: 180_000 }, async () => {
  const { statement } = await issued(world, TERMS)
  const out = ['--out', path.join(folder, 'none', 'x.csv')]
  for (const [words, code] of [
    [['show', 'sta_1'], 'NOT_FOUND'],
    [['list', '--partner', 'nobody'], 'NOT_FOUND'],
    [['export', statement.id, '--format', 'csv', ...out], 'INVALID_INPUT'],
    [['dispute', statement.id, '--rule', 'x', '--reason', 'y'], 'INVALID_INPUT'],
    [['answer', 'dsp_1', '--text', 'y'], 'INVALID_INPUT'],
  ] as const) {
    const ran = await run(...words)
    expect([words, ran.code > 0, ran.out, ran.err]).toEqual([words, true, '', expect.stringContaining(code)])
  }
})

test('the staff answer for a partner, in their own name', { timeout: 180_000 }, async () => {
  vi.stubEnv('USER', 'ann')
  const { statement } = await issued(world, TERMS)
  const opened = JSON.parse(
    (await run('dispute', statement.number, '--rule', '1', '--reason', 'they called', '--json')).out,
  )
  expect(opened).toMatchObject({ status: 'OPEN', held: '600', openedBy: 'staff:ann' })
  expect((await run('disputes', '--status', 'OPEN', '--statement', statement.id)).out).toContain('they called')
  const answered = await run('answer', opened.id, '--upheld', '--amount', '1.50', '--text', 'so it is', '--json')
  expect(JSON.parse(answered.out)).toMatchObject({ status: 'UPHELD', closedBy: 'staff:ann' })
  expect((await run('withdraw', opened.id)).err).toContain('WRONG_STATE')
  const other = await issued(world, TERMS)
  expect((await run('accept', other.statement.number)).out).toContain('ACCEPTED')
})
