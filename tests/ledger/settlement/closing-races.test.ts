import { beforeAll, describe, expect, test, vi } from 'vitest'
import { calculatePeriod } from '../../../ledger/settlement/calculate-period.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { lockPeriod } from '../../../ledger/settlement/lock-period.ts'
import { periodStatus } from '../../../ledger/settlement/period-status.ts'
import { useWorld } from '../../support/database.ts'
import { lastOf, type Started, useClosings } from './closings.ts'
import { customersIn, earn, liveMember, programmeWith, type Revenue, refer } from './scene.ts'

const NOW = '2026-05-02T00:00:00Z'
const month = '2026-04'
/** Two batches. */
const EVENTS = 5_100
const AT_ONCE = 3

const world = useWorld()
const { start, end, outcomeOf } = useClosings(world, { month, now: NOW })
const verbs = { calculate: calculatePeriod, lock: lockPeriod, close: closePeriod }
let programmes: string[]

beforeAll(async () => {
  world.clock.set(NOW)
  programmes = []
  for (let count = 0; count < 4; count++) programmes.push(await programmeWith(world.context))
  const caller = await liveMember(world.context, programmes, { from: '2026-04-01T00:00:00+08:00' })
  const [customer = ''] = await customersIn(world, 1)
  await refer(world.context, caller, { customers: [customer], at: '2026-04-02T00:00:00Z' })
  const events = Array.from(
    { length: EVENTS },
    (_, index): Revenue => [`e${index}`, 100 + index, '2026-04-10T00:00:00Z'],
  )
  await earn(world.context, customer, events)
})

function next(): string {
  return programmes.pop() ?? ''
}

describe('while a process calculates', () => {
  test('others see how far it is, and are refused whatever they want; once it is gone, that it was cut off', async () => {
    const programme = next()
    const { child, lines } = start({ programme, verb: 'calculate', stopAt: 'WRITING:5000' })
    for await (const line of lines) if (line === 'WRITING:5000') break
    const standing = await periodStatus(world.context, { programme, month })
    expect(standing).toMatchObject({ status: 'CALCULATING', going: true, progress: { startedBy: 'system:closing' } })
    expect(standing.progress).toMatchObject({ step: 'SPLITTING', facts: 5000 })
    for (const verb of Object.values(verbs)) {
      const refused = await verb(world.context, { programme, month }).catch((error: unknown) => error)
      expect(refused).toMatchObject({ code: 'WRONG_STATE', message: expect.stringContaining('another process') })
    }
    await end(child)
    await vi.waitFor(async () => {
      expect(await periodStatus(world.context, { programme, month })).toMatchObject({
        status: 'CALCULATING',
        going: false,
      })
    }, 10_000)
    await expect(lockPeriod(world.context, { programme, month })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect((await calculatePeriod(world.context, { programme, month })).period.status).toBe('REVIEW')
  })
})

describe('while a process locks', () => {
  test('others are refused, and it ends what it began', async () => {
    const programme = next()
    await calculatePeriod(world.context, { programme, month })
    let locking: Started | undefined
    await world.owner.begin(async (blocker) => {
      await blocker`lock table journal_entries in exclusive mode`
      locking = start({ programme, verb: 'lock' })
      await vi.waitFor(async () => expect(await waitingForJournal()).toBe(1), 10_000)
      expect(await outcomeOf(programme, 'lock')).toMatch(/^WRONG_STATE: .*another process/)
      expect(await outcomeOf(programme, 'calculate')).toMatch(/^WRONG_STATE: .*another process/)
      expect(await outcomeOf(programme, 'close')).toMatch(/^WRONG_STATE: .*another process/)
    })
    expect(locking && (await lastOf(locking))).toBe('LOCKED')
    for (const verb of Object.values(verbs)) {
      await expect(verb(world.context, { programme, month })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    }
  })
})

test('of processes that lock at once one does, and the others are refused', async () => {
  const programme = next()
  await calculatePeriod(world.context, { programme, month })
  expect(await together(programme, 'lock')).toEqual(['LOCKED', 'WRONG_STATE', 'WRONG_STATE'])
  expect(await issuedOf(programme)).toBe(1)
})

test('of processes that close at once what is calculated one does, and the others are refused', async () => {
  const programme = next()
  await calculatePeriod(world.context, { programme, month })
  expect(await together(programme, 'close')).toEqual(['LOCKED', 'WRONG_STATE', 'WRONG_STATE'])
  expect(await issuedOf(programme)).toBe(1)
})

async function together(programme: string, verb: 'lock' | 'close'): Promise<readonly string[]> {
  const ends = await Promise.all(Array.from({ length: AT_ONCE }, () => outcomeOf(programme, verb)))
  return ends.map((line) => line.replace(/:.*/s, '')).toSorted()
}

async function issuedOf(programme: string): Promise<number> {
  const rows = await world.owner`
    select from statements s join programmes p on p.id = s.programme_id
    where p.code = ${programme} and s.issued_at is not null`
  return rows.length
}

async function waitingForJournal(): Promise<number> {
  const rows = await world.owner`
    select from pg_locks l where l.relation = 'journal_entries'::regclass and not l.granted
      and l.database = (select oid from pg_database where datname = current_database())`
  return rows.length
}
