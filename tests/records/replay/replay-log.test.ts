import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { verifyRecords } from '../../../records/verify-records.ts'
import { earn } from '../../ledger/settlement/scene.ts'
import { createWorld, useWorld } from '../../support/database.ts'
import { appendSome, sealAll } from '../sealed-log.ts'
import { exportInto, ORIGIN, projectedRows, replayFrom, type WholeScene, wholeLog } from './whole-scene.ts'

const source = useWorld()
let folder = ''
let file = ''
let scene: WholeScene
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-replay-'))
  file = path.join(folder, 'log.ndjson')
  scene = await wholeLog(source)
  await exportInto(source.context, file)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Tables whose records are replayed in scenes of their own. */
const TOLD_ELSEWHERE = [
  // tests/ledger/distribution/project-distribution.test.ts
  ...['payout_addresses', 'payout_rounds', 'payout_claims'],
  // tests/app/twelve-months/story.test.ts
  ...['statement_acceptances', 'disputes', 'write_offs', 'payout_batches', 'payouts'],
  ...['bank_statements', 'bank_entries', 'bank_matches', 'bank_postings', 'bank_breaks'],
  // tests/ledger/receivables, tests/ledger/openings, tests/ledger/payouts/payouts.test.ts
  ...['repayments', 'openings', 'opening_lines', 'payout_files'],
  // tests/customers/notices.test.ts, consent-requests.test.ts, reference.test.ts
  ...['notices', 'notice_texts', 'consent_requests', 'consent_uses', 'subject_references'],
  // tests/partners/webhooks/webhooks.test.ts, tests/gateway/attacks/webhook-addresses.test.ts
  ...['webhook_endpoints', 'deletions'],
  // tests/partners/conformance/conformance.test.ts
  'conformance_runs',
  // tests/partners/ratings/rate-month.test.ts
  ...['scorecards'],
  // tests/partners/offboarding/story.test.ts
  ...['offboardings', 'agreement_reserves'],
  // tests/customers/subjects/rotate-subjects.test.ts, tests/customers/cases/cases.test.ts
  ...['subject_generations', 'staff_cases', 'staff_reads'],
  // tests/customers/alarms/watch-reads.test.ts, tests/customers/incidents/incidents.test.ts
  ...['alerts', 'incidents', 'incident_events'],
]

describe('a log that was replayed into an empty database', () => {
  const target = useWorld()

  test('arrives at the root, and at the same rows in every projected table', async () => {
    const report = await replayFrom(target.context, file)
    expect(report).toMatchObject({ sound: true, waiting: [], origin: ORIGIN, checkpoints: 1 })
    const rows = await projectedRows(target)
    expect(rows).toEqual(await projectedRows(source))
    const empty = Object.keys(rows).filter((table) => rows[table]?.length === 0)
    expect(empty.toSorted()).toEqual(TOLD_ELSEWHERE.toSorted())
  })

  test('verifies: records, signatures and tables', async () => {
    expect(await verifyRecords(target.context)).toEqual([])
    expect(await verifyProjections(target.context, { projectors: PROJECTORS })).toEqual([])
  })

  test('is not replayed again, and nothing changes', async () => {
    const before = await projectedRows(target)
    expect(await replayFrom(target.context, file)).toMatchObject({ sound: true })
    expect(await projectedRows(target)).toEqual(before)
  })

  test('goes on: what is written next is sealed behind it and signed with the same key', async () => {
    await earn(target.context, scene.account, [['later', 100, '2026-03-01T00:00:00Z']])
    await sealAll(target.context, target.owner)
    await signCheckpoint(target.context, { origin: ORIGIN })
    expect(await verifyRecords(target.context)).toEqual([])
    expect(await verifyProjections(target.context, { projectors: PROJECTORS })).toEqual([])
  })
})

describe('without the keys', () => {
  const target = useWorld()

  test('the log arrives at its root, customers are nobody, and a new key signs', async () => {
    expect(await replayFrom(target.context, file, false)).toMatchObject({ sound: true })
    const accounts = await target.owner<{ account_key: string }[]>`select account_key from customers`
    expect(accounts.length).toBeGreaterThan(0)
    expect(accounts.every(({ account_key }) => account_key.startsWith('erased:cus_'))).toBe(true)
    await appendSome(target.context, 1)
    await sealAll(target.context, target.owner)
    await signCheckpoint(target.context, { origin: ORIGIN })
    expect(await verifyRecords(target.context)).toEqual([])
  })

  test('the money is the same', async () => {
    const money = `select id, amount, customer_id from revenue_events order by id`
    expect(await target.owner.unsafe(money)).toEqual(await source.owner.unsafe(money))
  })
})

describe('a file that is not as it was written', () => {
  const target = useWorld()

  const changed = async (change: (lines: string[]) => string[]): Promise<string> => {
    const name = path.join(folder, `changed-${Math.random()}`)
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    await writeFile(name, change(lines).join('\n'))
    return name
  }
  const cases: readonly (readonly [string, (lines: string[]) => string[], RegExp])[] = [
    ['a line is no JSON', (lines) => lines.with(3, '{'), /line 4: it is not JSON/],
    [
      'a body was changed',
      (lines) => lines.with(5, (lines[5] ?? '').replace('2026', '2027')),
      /line 6: its body or salt/,
    ],
    ['a line is missing', (lines) => lines.toSpliced(4, 1), /line 5: the record in place 4 is expected/],
    ['two lines were swapped', (lines) => lines.with(2, lines[3] ?? '').with(3, lines[2] ?? ''), /line 3: the record/],
    ['its end is missing', (lines) => lines.slice(0, 8), /the file ends after 7 of/],
    ['it is another kind of file', (lines) => lines.slice(1), /line 1/],
    [
      'it is of another master key',
      ([first = '', ...rest]) => [first.replace(/"masterKey":"../, '"masterKey":"00'), ...rest],
      /another master key/,
    ],
  ]
  test.each(cases)('is refused where %s, and nothing of it is kept', async (_, change, message) => {
    await expect(replayFrom(target.context, await changed(change), false)).rejects.toThrow(message)
    const [row] =
      await target.owner`select (select count(*) from records) as records, (select count(*) from replays) as begun`
    expect(row).toEqual({ records: '0', begun: '0' })
  })
})

test('a database that is not empty takes no log over', async () => {
  const world = await createWorld()
  try {
    await appendSome(world.context, 1)
    await expect(replayFrom(world.context, file)).rejects.toThrow(
      /into an empty database, and there are rows in records/,
    )
  } finally {
    await world.close()
  }
})
