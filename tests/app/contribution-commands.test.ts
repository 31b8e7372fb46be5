import { expect, test } from 'vitest'
import { liveCaller, referral, reportOne } from '../ledger/facts/factories.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const run = useCli(world, 'contribution')

test('what a kind waits for is said, shown and met', { timeout: 60_000 }, async () => {
  const { caller, code } = await liveCaller(world.context)
  const required = await run('--json', 'require', '--partner', code, '--kind', 'REFERRAL', '--by', 'PERSON')
  expect([required.err, JSON.parse(required.out)]).toMatchObject(['', { kind: 'REFERRAL', confirmation: 'PERSON' }])
  expect((await run('requirements', '--partner', code)).out).toMatch(/REFERRAL.*PERSON[\s\S]*TRAFFIC.*NONE/)
  const ids: string[] = []
  for (const externalId of ['c', 'd']) {
    const result = await reportOne(world.context, caller, referral(externalId, { lead: 'l' }))
    ids.push('id' in result ? result.id : '')
  }
  const [one = '', two = ''] = ids
  const listed = await run('--json', 'list', '--partner', code, '--undecided')
  expect(JSON.parse(listed.out)).toMatchObject([{ id: two }, { id: one }])
  const confirmed = await run('--json', 'confirm', one)
  expect(JSON.parse(confirmed.out)).toMatchObject({ id: one, decision: { decision: 'CONFIRMED' } })
  expect((await run('reject', two)).code).toBeGreaterThan(0)
  const rejected = await run('reject', two, '--reason', 'made up')
  expect([rejected.code, rejected.out]).toEqual([0, expect.stringMatching(/REJECTED.*made up/)])
  const again = await run('confirm', two)
  expect([again.code > 0, again.out, again.err]).toEqual([true, '', expect.stringContaining('WRONG_STATE')])
  expect((await run('list', '--partner', code, '--undecided')).out).toBe('(none)\n')
})
