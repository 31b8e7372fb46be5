import { expect, test } from 'vitest'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { endMemberships } from '../../../ledger/exits/end-memberships.ts'
import { ledgerExitThings } from '../../../ledger/exits/exit-things.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { useWorld } from '../../support/database.ts'
import { liveMember, programmeWith } from '../settlement/scene.ts'

const world = useWorld()

test('memberships end at the time, behind a settled month, or as they begin: then none is open', async () => {
  const { context, clock } = world
  const [settled, open, later] = [
    await programmeWith(context),
    await programmeWith(context),
    await programmeWith(context),
  ]
  const member = await liveMember(context, [settled, open])
  await createAgreement(context, { programme: later, partner: member.code, from: '2027-06-01T00:00:00+08:00' })
  clock.set('2026-03-15T00:00:00Z')
  for (const month of ['2026-01', '2026-02']) await closePeriod(context, { programme: settled, month })
  const things = () =>
    ledgerExitThings(context.database.reads, { partner: member.partner, code: member.code, now: clock.now() })
  expect((await things()).MEMBERSHIPS.count).toBe(3)
  const leave = { partner: member.partner, at: new Date('2026-02-10T00:00:00Z'), reason: 'it leaves' }
  expect(await endMemberships(context, leave)).toBe(3)
  expect(await endMemberships(context, leave)).toBe(0)
  const rows = await world.owner<{ ends_at: Date }[]>`select ends_at from agreements order by ends_at`
  expect(rows.map(({ ends_at }) => ends_at.toISOString())).toEqual([
    '2026-02-10T00:00:00.000Z',
    '2026-02-28T16:00:00.000Z',
    '2027-05-31T16:00:00.001Z',
  ])
  const { MEMBERSHIPS, FINAL_PERIOD } = await things()
  expect([MEMBERSHIPS.count, FINAL_PERIOD.count]).toEqual([0, 1])
  for (const month of ['2026-01', '2026-02']) await closePeriod(context, { programme: open, month })
  expect((await things()).FINAL_PERIOD.count).toBe(0)
})
