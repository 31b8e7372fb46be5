import { afterEach, expect, test, vi } from 'vitest'
import { customer, defineCatalogue, grant, liveParty, read } from '../customers/factories.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const run = useCli(world, 'consent')

afterEach(() => {
  vi.unstubAllEnvs()
})

test('compliance suspends a consent for a reason, and resumes it', { timeout: 180_000 }, async () => {
  vi.stubEnv('USER', 'ann')
  // the master key of the world, under which its customers' keys are
  vi.stubEnv('TRIBUTARY_MASTER_KEY', Buffer.alloc(32, 7).toString('base64'))
  await defineCatalogue(world.context)
  const party = await liveParty(world.context)
  const consent = await grant(world.context, party, await customer(world.owner))
  const suspension = ['--json', 'suspend', consent.id, '--reason', 'a stolen telephone', '--key', 'k']
  const suspended = JSON.parse((await run(...suspension)).out)
  expect(suspended).toMatchObject({ id: consent.id, status: 'SUSPENDED', suspendedBy: 'COMPLIANCE' })
  expect(JSON.parse((await run(...suspension)).out)).toEqual(suspended)
  expect(await read(world.context, party, consent)).toBeNull()
  const resumed = await run('resume', consent.id, '--reason', 'it was found')
  expect([resumed.code, resumed.out]).toEqual([0, expect.stringMatching(/AUTHORISED.*age:exact/)])
  expect(await read(world.context, party, consent)).not.toBeNull()
  const unknown = await run('suspend', `cns_${'0'.repeat(32)}`, '--reason', 'r')
  expect([unknown.code > 0, unknown.err]).toEqual([true, expect.stringContaining('NOT_FOUND')])
})
