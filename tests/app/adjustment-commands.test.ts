import { afterEach, expect, test, vi } from 'vitest'
import { listAgreements } from '../../ledger/agreements/list-agreements.ts'
import { memberOf } from '../ledger/settlement/corrections/scene.ts'
import { programmeWith } from '../ledger/settlement/scene.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const run = useCli(world, 'adjustment')

afterEach(() => {
  vi.unstubAllEnvs()
})

/** As a person of this name would run it. */
function as(name: string, ...words: readonly string[]) {
  vi.stubEnv('USER', name)
  return run('--json', ...words)
}

test('an adjustment is proposed, approved by another person, and listed', { timeout: 180_000 }, async () => {
  const programme = await programmeWith(world.context)
  const { partner } = await memberOf(world, programme)
  const { edges } = await listAgreements(world.context, { partner, page: { first: 1 } })
  const agreement = edges[0]?.node.id ?? ''
  const proposal = ['propose', '--agreement', agreement, '--amount=-12.50', '--reason', 'paid twice', '--key', 'k']
  const proposed = JSON.parse((await as('ann', ...proposal)).out)
  expect(proposed).toMatchObject({ minor: '-1250', status: 'PROPOSED', proposedBy: 'staff:ann' })
  const alone = await as('ann', 'approve', proposed.id)
  expect([alone.code > 0, alone.out, alone.err]).toEqual([true, '', expect.stringContaining('FORBIDDEN')])
  const approved = await as('bo', 'approve', proposed.id)
  expect(JSON.parse(approved.out)).toMatchObject({ status: 'APPROVED', decidedBy: 'staff:bo' })
  const decided = await as('cy', 'reject', proposed.id, '--reason', 'no')
  expect(decided.err).toContain('WRONG_STATE')
  expect((await run('list', '--programme', programme, '--status', 'APPROVED')).out).toMatch(/-12\.50.*paid twice/)
})
