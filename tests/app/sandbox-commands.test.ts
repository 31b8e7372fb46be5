import { expect, test } from 'vitest'
import { goLive } from '../../partners/go-live.ts'
import { activeClient, sandboxPartner } from '../partners/factories.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const partner = useCli(world, 'partner')

test('the staff make synthetic customers, and start and look at a run; whom the broker vouches for needs none', {
  timeout: 60_000,
}, async () => {
  const { code } = await sandboxPartner(world.context)
  const [started, made] = await Promise.all([
    partner('conformance', 'start', code, '--json'),
    partner('sandbox', 'customers', code, '--count', '2'),
  ])
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining(`sandbox:${code}:2`) })
  const run = JSON.parse(started.out)
  expect(run).toMatchObject({ status: 'OPEN', startedBy: expect.stringMatching(/^staff:/) })
  const shown = await partner('conformance', 'show', run.id)
  expect(shown.out).toMatch(/TAGS_READ[^\n]*WAITING/)
  expect(shown.out).toContain(`${run.id} is open until ${run.expiresAt}.`)
  await activeClient(world.context, code)
  expect(await goLive(world.context, { partner: code })).toMatchObject({ status: 'LIVE' })
})
