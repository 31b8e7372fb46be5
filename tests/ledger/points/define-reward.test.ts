import { expect, test } from 'vitest'
import { defineReward } from '../../../ledger/points/define-reward.ts'
import { useWorld } from '../../support/database.ts'
import { liveMember } from '../settlement/scene.ts'

const world = useWorld()
const CUP = { code: 'cup', nameEn: 'A cup', nameZh: '杯子', points: 40 }

test('a reward changes by versions, and the same again changes nothing', async () => {
  const { code: partner } = await liveMember(world.context, [])
  const supply = { partner, asset: 'CNY/2', minor: 999 }
  const versions = []
  for (const reward of [
    CUP,
    CUP,
    { ...CUP, points: '50' },
    { ...CUP, supply },
    { ...CUP, supply, status: 'RETIRED' as const },
  ]) {
    versions.push(await defineReward(world.context, reward))
  }
  expect(
    versions.map(({ version, points, supply, available }) => [version, points, supply?.price.minor, available]),
  ).toEqual([
    [1, 40n, undefined, true],
    [1, 40n, undefined, true],
    [2, 50n, undefined, true],
    [3, 40n, 999n, true],
    [4, 40n, 999n, false],
  ])
})

test('two who define one at once make one version after the other', async () => {
  const wanted = Array.from({ length: 5 }, (_, n) => ({ ...CUP, code: 'mug', points: n + 1 }))
  const made = await Promise.all(wanted.map((one) => defineReward(world.context, one)))
  expect(made.map(({ version }) => version).toSorted()).toEqual([1, 2, 3, 4, 5])
})

test.each([
  ['code', { code: 'Cup' }, 'INVALID_INPUT'],
  ['nameZh', { nameZh: '' }, 'INVALID_INPUT'],
  ['points', { points: 0 }, 'INVALID_INPUT'],
  ['points', { points: 1.5 }, 'INVALID_INPUT'],
  ['supply.asset', { supply: { partner: 'x', asset: 'cny', minor: 1 } }, 'INVALID_INPUT'],
  ['supply.minor', { supply: { partner: 'x', asset: 'CNY/2', minor: -1 } }, 'INVALID_INPUT'],
  ['supply.partner', { supply: { partner: 'x', asset: 'CNY/2', minor: 1 } }, 'NOT_FOUND'],
  ['more', { more: 1 }, 'INVALID_INPUT'],
])('a fault in %s is refused', async (field, change, code) => {
  await expect(defineReward(world.context, { ...CUP, code: 'bad', ...change })).rejects.toMatchObject({ field, code })
  expect(await world.owner`select from rewards where code = 'bad'`).toHaveLength(0)
})
