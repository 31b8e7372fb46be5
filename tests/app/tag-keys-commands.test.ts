import { expect, test, vi } from 'vitest'
import { customer, defineCatalogue } from '../customers/factories.ts'
import { behindGuards } from '../support/behind-guards.ts'
import { useCli } from '../support/cli.ts'
import { TEST_MASTER_KEY, useWorld } from '../support/database.ts'

const world = useWorld()
const run = useCli(world, 'tag-keys')

test('keys are renewed under the cipher of the settings and looked at', { timeout: 60_000 }, async () => {
  vi.stubEnv('TRIBUTARY_MASTER_KEY', TEST_MASTER_KEY.toString('base64'))
  vi.stubEnv('TRIBUTARY_TAG_CIPHER', 'SM4')
  vi.stubEnv('USER', 'ann')
  await defineCatalogue(world.context)
  const accounts = [await customer(world.owner, { assets: '1' }), await customer(world.owner, { assets: '2' })]
  const rotated = await run('rotate', '--json')
  expect([rotated.code, JSON.parse(rotated.out)]).toEqual([
    0,
    { version: 2, sealed: accounts.length, broken: [], retired: [1], resumed: false },
  ])
  const status = await run('status')
  expect(status.out).toMatch(/2 +│ SM4 +│ staff:ann .*│ 2 +│/)
  expect(status.out).toContain('0 values wait to be sealed under the newest key.')
  await behindGuards(world.owner, `update tags set sealed = '\\x00' where tag_key = 'assets'`)
  const broken = await run('rotate', '--json')
  expect([broken.code, JSON.parse(broken.out).broken]).toEqual([1, [expect.anything(), expect.anything()]])
  vi.unstubAllEnvs()
})
