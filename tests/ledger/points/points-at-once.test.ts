import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { holderOf, pointsJournal, pointsOf, redeem, rewardFor, within } from './scene.ts'

const run = promisify(execFile)
const child = fileURLToPath(new URL('./redeeming-child.ts', import.meta.url))

test('two processes that redeem at once give all that is there and no more', async () => {
  await within(async (world) => {
    const anna = await holderOf(world, 40, 33, 30)
    const cup = await rewardFor(world, 20)
    const take = async (name: string): Promise<readonly string[]> => {
      const words = [child, JSON.stringify(world.address), anna.accountKey, cup, name, '6']
      return JSON.parse((await run(process.execPath, words)).stdout)
    }
    const outcomes = (await Promise.all([take('one'), take('two'), take('one')])).flat()
    // the first and the third process use the same keys: what one of them was given, both are told
    const distinct = await world.owner`select from points_moves where kind = 'REDEEMED'`
    expect(distinct).toHaveLength(5)
    expect(new Set(outcomes)).toEqual(new Set(['redeemed', 'INSUFFICIENT_POINTS']))
    expect(await pointsOf(world, anna)).toBe(3n)
    await redeem(world, anna, await rewardFor(world, 3))
    expect(await pointsJournal(world)).toEqual(['Expenses:Points CNY/2 51', 'Liabilities:CustomerCash:… CNY/2 -51'])
  })
})
