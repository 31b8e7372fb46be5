import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { referredIn } from '../ledger/settlement/corrections/scene.ts'
import { earn } from '../ledger/settlement/scene.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const run = useCli(world, 'period')

beforeEach(() => {
  // commands go by the machine's clock
  world.clock.set(new Date())
})
afterEach(() => {
  vi.unstubAllEnvs()
})

test('a month is calculated, looked over, locked and listed', { timeout: 180_000 }, async () => {
  vi.stubEnv('USER', 'ann')
  const { programme, customer } = await referredIn(world)
  await earn(world.context, customer, [['e', 1000, '2026-02-10T00:00:00Z']])
  const place = ['--programme', programme, '--month', '2026-02']
  expect(JSON.parse((await run('--json', 'status', ...place)).out)).toEqual({
    month: '2026-02',
    status: 'OPEN',
    going: false,
  })
  const calculated = await run('calculate', ...place)
  expect(calculated).toMatchObject({ code: 0, out: expect.stringMatching(/2026-02.*REVIEW.*2\.00/) })
  expect((await run('status', ...place)).out).toMatch(/REVIEW.*locking.*staff:ann.*no/)
  await earn(world.context, customer, [['late', 500, '2026-02-11T00:00:00Z']])
  const checklist = await run('checklist', ...place)
  expect(checklist).toMatchObject({
    code: 0,
    out: expect.stringMatching(/FACTS_SINCE_CALCULATION.*HINDERS_LOCK.*OPEN.*1/),
  })
  const refused = await run('lock', ...place)
  expect([refused.code > 0, refused.err]).toEqual([true, expect.stringContaining('CHECKLIST_OPEN')])
  const locked = await run('--json', 'lock', ...place, '--acknowledge', 'FACTS_SINCE_CALCULATION')
  expect(locked.code).toBe(0)
  expect(JSON.parse(locked.out)).toMatchObject({ earned: '200', factsSince: 1, period: { status: 'LOCKED' } })
  expect((await run('list', '--programme', programme)).out).toMatch(/2026-02.*LOCKED.*staff:ann/)
})

test('closing fails where it does not come as far as asked', { timeout: 180_000 }, async () => {
  const { programme, customer } = await referredIn(world)
  await earn(world.context, customer, [['e', 1000, '2026-02-10T00:00:00Z']])
  const place = ['--programme', programme, '--month', '2026-02']
  const closed = await run('--json', 'close', ...place, '--to', 'CLOSED')
  expect([closed.code, JSON.parse(closed.out).period.status]).toEqual([1, 'LOCKED'])
  const again = await run('close', ...place)
  expect([again.code > 0, again.err]).toEqual([true, expect.stringContaining('UNPAID_STATEMENTS (1)')])
})
