import { expect, it } from 'vitest'
import { livePartner } from '../partners/factories.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const partner = useCli(world, 'partner')

it('a complaint is taken in, given to somebody, and not decided by whoever took it in', async () => {
  const { code } = (await livePartner(world.context)).partner
  const taken = await partner('complaint', 'take', code, '--category', 'SERVICE', '--text', 'It is down.', '--json')
  const { id } = JSON.parse(taken.out)
  const assigned = await partner('complaint', 'assign', id, '--to', 'ben', '--severity', 'HIGH')
  expect(assigned).toMatchObject({ code: 0, out: expect.stringMatching(/HIGH.*WORKING/) })
  const decided = await partner('complaint', 'decide', id, '--outcome', 'UPHELD', '--answer', 'It was.')
  expect(decided).toMatchObject({ code: 1, err: expect.stringContaining('another person') })
  expect((await partner('complaint', 'show', id)).out).toMatch(/said.*It is down\./)
})
