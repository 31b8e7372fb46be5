import { readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { ourAccount, settled } from '../ledger/payouts/scene.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const run = useCli(world, 'payout')

afterEach(() => {
  vi.unstubAllEnvs()
})

/** As a person of this name would run it. */
function as(name: string, ...words: readonly string[]) {
  vi.stubEnv('USER', name)
  // the tests' accounts are sealed under the tests' master key
  vi.stubEnv('TRIBUTARY_MASTER_KEY', Buffer.alloc(32, 7).toString('base64'))
  return run('--json', ...words)
}

test('a batch is prepared, approved by another person, instructed and sent, and an unknown payout resolved', {
  timeout: 180_000,
}, async () => {
  await ourAccount(world)
  const [paid] = await settled(world, [10_000])
  const number = paid?.statement.number ?? ''
  vi.stubEnv('USER', 'ann')
  expect((await run('payable')).out).toMatch(new RegExp(`${number}.*100\\.00.*96\\.00`))
  const prepared = await as('ann', 'prepare', '--asset', 'CNY/2', '--from', 'main', '--key', 'k')
  const { batch } = JSON.parse(prepared.out)
  expect(batch).toMatchObject({ status: 'DRAFT', payouts: 1, total: '9600', preparedBy: 'staff:ann' })
  const alone = await as('ann', 'approve', batch.id)
  expect([alone.code > 0, alone.out, alone.err]).toEqual([true, '', expect.stringContaining('FORBIDDEN')])
  const early = await as('bo', 'file', batch.id)
  expect([early.code > 0, early.out, early.err]).toEqual([true, '', expect.stringContaining('WRONG_STATE')])
  await as('bo', 'approve', batch.id)
  expect(JSON.parse((await as('ann', 'instruct', batch.id)).out)).toMatchObject({ status: 'INSTRUCTED' })
  const file = path.join(tmpdir(), `${batch.id}.xml`)
  const told = JSON.parse((await as('ann', 'file', batch.id, '--out', file)).out)
  expect(told).toMatchObject({ format: 'PAIN_001', payouts: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).toBe((await as('bo', 'file', batch.id)).out)
  expect((await as('bo', 'file', batch.id, '--format', 'csv')).out).toContain('end_to_end_id')
  expect(JSON.parse((await as('ann', 'sent', batch.id)).out)).toMatchObject({ status: 'SENT', sentBy: 'staff:ann' })
  const [payout] = JSON.parse((await as('ann', 'show', number)).out)
  await as('ann', 'unknown', payout.id, '--reason', 'no answer')
  const finding = ['resolve', payout.id, '--outcome', 'NOT_EXECUTED', '--evidence', 'a letter']
  expect((await run(...finding)).out).toContain('another person has to tell the same')
  expect(JSON.parse((await as('bo', ...finding)).out)).toMatchObject({ status: 'REJECTED' })
  expect((await run('show', batch.id)).out).toMatch(/REJECTED[\s\S]*is DONE; files made: PAIN_001 for staff:ann/)
  expect((await run('list', '--status', 'DONE')).out).toContain(batch.id)
  const next = JSON.parse((await as('ann', 'prepare', '--asset', 'CNY/2', '--from', 'main')).out).batch
  expect(JSON.parse((await as('ann', 'cancel', next.id, '--reason', 'a test')).out)).toMatchObject({
    status: 'CANCELLED',
  })
  const nobody = await as('ann', 'show', `pob_${'0'.repeat(32)}`)
  expect([nobody.code > 0, nobody.err]).toEqual([true, expect.stringContaining('NOT_FOUND')])
})
