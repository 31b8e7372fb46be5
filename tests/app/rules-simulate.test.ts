import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { termsFor, w1Scene } from '../ledger/settlement/scene.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const run = useCli(world, 'rules')
let folder: string
let programme: string
let partner: string
let file: string

beforeAll(async () => {
  world.clock.set('2026-05-20T00:00:00Z')
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-terms-'))
  file = path.join(folder, 'terms.json')
  const scene = await w1Scene(world)
  programme = scene.programme
  partner = scene.member.code
  await writeFile(
    file,
    JSON.stringify(termsFor(programme, { version: 2, rules: [{ kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 1000 }] })),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('rules simulate shows each partner what terms would change', async () => {
  const { code, out, err } = await run(
    'simulate',
    file,
    '--programme',
    programme,
    '--from',
    '2026-04',
    '--to',
    '2026-05',
  )
  expect([code, err]).toEqual([0, ''])
  const cells = out
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
  expect(cells).toEqual([
    ['partner', 'rule', 'today', 'tried', 'change'],
    [partner, '', '4.58', '20.00', '15.42'],
    ['', 'version 1, 1: REFERRAL_COMMISSION_SHARE', '4.58', '', ''],
    ['', 'tried, 1: MINIMUM_GUARANTEE', '', '20.00', ''],
    ['all', '', '4.58', '20.00', '15.42'],
  ])
  expect(out).toContain(`Tried on 4 facts of ${programme}, 2026-04 to 2026-05; nothing was written.`)
})

test('rules simulate gives the same as data, of one partner if wanted', async () => {
  const asked = ['simulate', file, '--programme', programme, '--from', '2026-04', '--partner', partner]
  const { code, out } = await run('--json', ...asked)
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    facts: 4,
    total: { today: '458', tried: '1000', change: '542' },
    partners: [{ partner }],
  })
  const wrong = await run('simulate', file, '--programme', 'winter', '--from', '2026-04')
  expect([wrong.code === 0, wrong.err]).toEqual([false, expect.stringContaining('NOT_FOUND')])
})
