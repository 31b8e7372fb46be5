import { expect, test } from 'vitest'
import { recordTagUses } from '../../../ledger/facts/record-tag-uses.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { listStatements } from '../../../ledger/settlement/list-statements.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { liveMember, programmeWith } from '../settlement/scene.ts'

const world = useWorld()

test('reads of supplied tags earn a fee by the thousand, each day and tag once, by the tag where terms say so', async () => {
  const { context } = world
  world.clock.set('2026-03-01T00:00:00Z')
  const fee = { kind: 'TRAFFIC_UNIT_FEE', unit: 'TAG_USE' }
  const programme = await programmeWith(context, {
    rules: [
      { ...fee, feePerThousand: 2000 },
      { ...fee, feePerThousand: 5000, filter: { campaign: ['score'] } },
    ],
  })
  const { partner } = await liveMember(context, [programme])
  const uses = [
    { day: '2026-01-15', key: 'score', uses: 1500n },
    { day: '2026-01-15', key: 'debt', uses: 500n },
    { day: '2026-01-16', key: 'debt', uses: 1000n },
  ]
  const outcomes = async () => (await recordTagUses(context, { partner, uses })).map(({ outcome }) => outcome)
  expect(await outcomes()).toEqual(['recorded', 'recorded', 'recorded'])
  expect(await outcomes()).toEqual(['replayed', 'replayed', 'replayed'])
  await closePeriod(context, { programme, month: '2026-01' })
  const { edges } = await listStatements(context, { partner, page: { first: 5 } })
  // 3,000 of all tags at 20.00 a thousand, and 1,500 of the score at 50.00
  expect(edges.map(({ node }) => node.earned)).toEqual([6000n + 7500n])
})

test('reads of a partner that may not report now are not taken, and wait', async () => {
  const { context } = world
  const { partner } = await liveMember(context, [])
  await changePartnerStatus(context, { partner, status: 'SUSPENDED', reason: 'an audit' })
  const uses = [{ day: '2026-01-15', key: 'score', uses: 1n }]
  const suspended = recordTagUses(context, { partner, uses })
  await expect(suspended).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
