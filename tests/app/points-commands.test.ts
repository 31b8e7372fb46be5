import { beforeAll, expect, test } from 'vitest'
import { holderOf } from '../ledger/points/scene.ts'
import { LOCKED_AT } from '../ledger/points/times.ts'
import { liveMember } from '../ledger/settlement/scene.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const points = useCli(world, 'points')
const reward = useCli(world, 'reward')
const SINCE = Date.now() - 10 * 86_400_000

beforeAll(() => {
  world.clock.set(LOCKED_AT)
})

test('rewards are added and listed, points are shown, given, let go and taken back', { timeout: 120_000 }, async () => {
  const { code: partner } = await liveMember(world.context, [])
  const names = ['--name-en', 'Tea', '--name-zh', '茶']
  const tea = await reward('--json', 'add', 'tea', ...names, '--points', '60', '--supplier', partner, '--price', '320')
  expect([tea.err, JSON.parse(tea.out)]).toMatchObject([
    '',
    { code: 'tea', version: 1, supply: { price: { minor: '320' } } },
  ])
  expect((await reward('add', 'tea', ...names, '--points', '50')).out).toMatch(/tea.*2.*Tea.*茶.*50.*yes/)
  expect((await reward('list')).out).toMatch(/tea/)
  // the commands go by the machine's clock, so the points are earned a few days ago
  world.clock.set(new Date(SINCE))
  const anna = await holderOf(world, 100, 30)
  const account = ['--account', anna.accountKey]
  const balance = async () => JSON.parse((await points('--json', 'balance', ...account)).out).points
  expect(await balance()).toBe('130')
  const given = await points('--json', 'redeem', ...account, '--reward', 'tea', '--key', 'k')
  expect([given.err, JSON.parse(given.out)]).toMatchObject(['', { kind: 'REDEEMED', points: '-50' }])
  expect((await points('redeem', ...account, '--reward', 'tea', '--key', 'k')).code).toBe(0)
  expect(await balance()).toBe('80')
  expect(JSON.parse((await points('--json', 'expire')).out)).toEqual({ accounts: 0, lots: 0, points: '0' })
  const taken = await points('reverse', anna.referrals[1] ?? '', '--reason', 'made up')
  expect([taken.code, taken.out]).toEqual([0, expect.stringContaining('-30')])
  expect((await points('list', ...account)).out).toMatch(
    /REVERSED.*-30.*made up[\s\S]*REDEEMED.*-50.*tea[\s\S]*EARNED.*30/,
  )
  const both = await points('balance', ...account, '--partner', partner)
  expect([both.code > 0, both.out, both.err]).toEqual([true, '', expect.stringContaining('INVALID_INPUT')])
  const dear = await points('redeem', '--partner', partner, '--reward', 'tea', '--key', 'k')
  expect([dear.code > 0, dear.err]).toEqual([true, expect.stringContaining('INSUFFICIENT_POINTS')])
})
