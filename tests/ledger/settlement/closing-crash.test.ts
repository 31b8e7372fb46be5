import { beforeAll, describe, expect, test, vi } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { calculatePeriod } from '../../../ledger/settlement/calculate-period.ts'
import { type ClosedPeriod, closePeriod } from '../../../ledger/settlement/close-period.ts'
import { LINES_IN_RECORD } from '../../../ledger/settlement/earning-record.ts'
import { findPeriod } from '../../../ledger/settlement/find-period.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { useWorld } from '../../support/database.ts'
import { useClosings } from './closings.ts'
import { customersIn, earn, liveMember, programmeWith, type Revenue, refer } from './scene.ts'

const NOW = '2026-05-02T00:00:00Z'
const month = '2026-04'
/** Two batches. */
const EVENTS = 5_100
/** Places at which a closing is killed: before, within and after the writing, and when all is ready to be locked. */
const STOPS = ['SPLITTING:5000', 'WRITING:5000', `LOCKING:${EVENTS}`]

const world = useWorld()
const { start, killAt, end, outcomeOf } = useClosings(world, { month, now: NOW })
let member: PartnerCaller
let undisturbed: string
let killed: readonly string[]

beforeAll(async () => {
  world.clock.set(NOW)
  // the partner's referrals count in each of its programmes, so all of them settle the same facts
  const codes: string[] = []
  for (let count = 0; count < STOPS.length + 2; count++) codes.push(await programmeWith(world.context, SETTLED))
  undisturbed = codes[0] ?? ''
  killed = codes.slice(1)
  const caller = await liveMember(world.context, codes, { from: '2026-04-01T00:00:00+08:00' })
  member = caller
  const [customer = ''] = await customersIn(world, 1)
  await refer(world.context, caller, { customers: [customer], at: '2026-04-02T00:00:00Z' })
  const events = Array.from({ length: EVENTS }, (_, index): Revenue => [`e${index}`, 100 + (index % 997), AT])
  await earn(world.context, customer, events)
  await closePeriod(world.context, { programme: undisturbed, month })
})

const AT = '2026-04-10T00:00:00Z'
const SETTLED = { holdback: { ppm: 100_000, periods: 1 }, tax: { vatPpm: 60_000 } }

describe('a closing that is killed', () => {
  test.each(STOPS.map((stopAt, index) => ({ stopAt, index })))(
    'at $stopAt leaves nothing that counts, and the next one gives what an undisturbed one gives',
    async ({ stopAt, index }) => {
      const programme = killed[index] ?? ''
      await killAt(programme, stopAt)
      expect((await findPeriod(world.context, { programme, month }))?.status).toMatch(/CALCULATING|REVIEW/)
      expect(await issued(programme)).toEqual([])
      await closeOnceFree(programme)
      expect(await issued(programme)).toEqual(await issued(undisturbed))
      expect(await issued(programme)).toHaveLength(1)
      expect(await linesOf(programme)).toEqual(await linesOf(undisturbed))
    },
  )

  test('within the transaction that locks leaves none of its parts', async () => {
    const programme = killed[STOPS.length] ?? ''
    await world.owner.begin(async (blocker) => {
      await blocker`lock table journal_entries in exclusive mode`
      const { child, lines } = start({ programme })
      for await (const line of lines) if (line.startsWith('LOCKING')) break
      // it waits for the journal, in the middle of its transaction
      await vi.waitFor(async () => expect(await waitingForJournal()).toBe(1), 10_000)
      await end(child)
    })
    expect(await issued(programme)).toEqual([])
    // what was calculated still stands, and may as well be calculated again
    await vi.waitFor(() => calculatePeriod(world.context, { programme, month }), { timeout: 10_000, interval: 50 })
    await closePeriod(world.context, { programme, month })
    expect(await issued(programme)).toEqual(await issued(undisturbed))
  })
})

test('what calculations that were superseded left in the log is named by no statement, and the tables are what it says', async () => {
  const [row] = await world.owner<{ all: string; named: string }[]>`
    select count(*) as all, count(*) filter (where exists (
      select from earnings e join statements s on s.id = e.statement_id
      where s.issued_at is not null and r.id = any (e.record_ids))) as named
    from records r where r.kind = 'earning'`
  expect(Number(row?.all)).toBeGreaterThan(Number(row?.named))
  expect(Number(row?.named)).toBe((STOPS.length + 2) * Math.ceil(EVENTS / LINES_IN_RECORD))
  expect(await verifyProjections(world.context, { projectors: PROJECTORS })).toEqual([])
})

describe('closings at once', () => {
  test('by several processes: one wins, the others are refused', async () => {
    const programme = await anotherProgramme()
    const ends = await Promise.all([1, 2, 3].map(() => outcomeOf(programme)))
    expect(ends.filter((end) => end === 'LOCKED')).toHaveLength(1)
    expect(ends.filter((end) => end.startsWith('WRONG_STATE'))).toHaveLength(2)
    expect(await issued(programme)).toHaveLength(1)
    expect(await linesOf(programme)).toHaveLength(EVENTS)
  })

  test('while a process is in the middle of it: the other is refused, and the first goes on', async () => {
    const programme = await anotherProgramme()
    const { child, lines } = start({ programme, stopAt: 'WRITING:5000' })
    for await (const line of lines) if (line === 'WRITING:5000') break
    await expect(closePeriod(world.context, { programme, month })).rejects.toThrow('another process')
    await end(child)
    await closeOnceFree(programme)
    expect(await issued(programme)).toEqual(await issued(undisturbed))
  })

  test('by one process, of more programmes than its pool has connections: all are closed', async () => {
    const programmes = await Promise.all(Array.from({ length: 12 }, () => emptyProgramme()))
    const closed = await Promise.all(programmes.map((programme) => closePeriod(world.context, { programme, month })))
    expect(closed.map(({ period }) => period.status)).toEqual(programmes.map(() => 'LOCKED'))
  })
})

async function anotherProgramme(): Promise<string> {
  const programme = await programmeWith(world.context, SETTLED)
  await createAgreement(world.context, { programme, partner: member.partner, from: '2026-04-01T00:00:00+08:00' })
  return programme
}

async function emptyProgramme(): Promise<string> {
  const programme = await programmeWith(world.context)
  await liveMember(world.context, [programme], { from: '2026-04-01T00:00:00+08:00' })
  return programme
}

/** The server takes a moment to notice that the process is gone. */
async function closeOnceFree(programme: string): Promise<ClosedPeriod> {
  return vi.waitFor(() => closePeriod(world.context, { programme, month }), { timeout: 10_000, interval: 50 })
}

async function waitingForJournal(): Promise<number> {
  const rows = await world.owner`
    select from pg_locks l where l.relation = 'journal_entries'::regclass and not l.granted
      and l.database = (select oid from pg_database where datname = current_database())`
  return rows.length
}

/** Issued statements of a programme, without what differs from one programme to the next. */
async function issued(programme: string): Promise<readonly object[]> {
  const { edges } = await listStatements(world.context, { partner: member.partner, page: { first: 100 } })
  const own = edges.filter(({ node }) => node.number.startsWith(`${programme}-`))
  return own.map(
    ({ node: { id: _, number: __, period: ___, programme: ____, agreement, record, terms, ...same } }) => ({
      ...same,
      version: terms.version,
      agreed: agreement !== undefined,
      recorded: record !== undefined,
    }),
  )
}

/** Lines of issued statements. */
async function linesOf(programme: string): Promise<readonly object[]> {
  return world.owner`
    select l.rule_no, l.line_no, l.contribution_id, l.minor, l.explanation from statement_lines l
    join statements s on s.id = l.statement_id and s.issued_at is not null
    join programmes p on p.id = s.programme_id and p.code = ${programme}
    where s.partner_id = ${uuidOf(member.partner)} order by l.rule_no, l.line_no`
}
