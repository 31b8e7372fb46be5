import { beforeAll, expect, test } from 'vitest'
import { PROJECTORS } from '../../../app/projectors.ts'
import { listExitNotices } from '../../../customers/exits/list-exit-notices.ts'
import { approveAdjustment } from '../../../ledger/adjustments/approve-adjustment.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { acceptSilent } from '../../../ledger/disputes/accept-silent.ts'
import { answerDispute } from '../../../ledger/disputes/answer-dispute.ts'
import { disputeStatement } from '../../../ledger/disputes/dispute-statement.ts'
import { approveWriteOff } from '../../../ledger/receivables/approve-write-off.ts'
import { proposeWriteOff } from '../../../ledger/receivables/propose-write-off.ts'
import { setReserve } from '../../../ledger/reserves/set-reserve.ts'
import { createClient } from '../../../partners/create-client.ts'
import { createPartner } from '../../../partners/create-partner.ts'
import { findPartner } from '../../../partners/find-partner.ts'
import { closeOffboarding } from '../../../partners/offboarding/close-offboarding.ts'
import { continueOffboarding } from '../../../partners/offboarding/continue-offboarding.ts'
import { planOffboarding } from '../../../partners/offboarding/plan-offboarding.ts'
import { verifyProjections } from '../../../records/verify-projections.ts'
import { exitPorts } from '../../../schema/exit-ports.ts'
import { exitReport } from '../../../schema/exit-report.ts'
import { booked, onlyOf, payoutsOf, reject, sent, settle } from '../../ledger/payouts/scene.ts'
import { paidBack } from '../../ledger/receivables/scene.ts'
import { lastOf } from '../../ledger/settlement/corrections/scene.ts'
import { sealAll } from '../../records/sealed-log.ts'
import { useWorld } from '../../support/database.ts'
import { ecKey } from '../factories.ts'
import { by, defineSettlement, EXIT_AT, earn, key, type Leaver, leaver, openOf } from './scene.ts'

const world = useWorld()
let one: Leaver

beforeAll(async () => {
  world.clock.set('2026-01-06T00:00:00Z')
  await defineSettlement(world)
  one = await leaver(world)
})

const close = (who: string) =>
  closeOffboarding(by(world, who), { partner: one.member.code, reason: 'all is settled', ...key() }, exitPorts)

/** The bank executes the one payout that is due. */
async function paid(): Promise<bigint> {
  const payout = await onlyOf(world, await sent(world))
  await settle(world, payout)
  return payout.transfer
}

test('an exit with an open dispute, a negative balance, a holdback and a failed payout ends at zero', async () => {
  const { context, clock } = world
  const [first = ''] = one.customers

  // January: 200.00 are earned, 20.00 of it held back; the bank refuses the payout
  clock.set('2026-02-02T00:00:00Z')
  await earn(context, first, [['jan', 100_000, '2026-01-10T00:00:00Z']])
  await one.close('2026-01')
  clock.set('2026-02-13T00:00:00Z')
  await acceptSilent(context)
  await reject(world, await onlyOf(world, await sent(world)))

  // the exit is planned, and its date comes
  await planOffboarding(by(world, 'ann'), {
    partner: one.member.code,
    exitAt: EXIT_AT,
    reason: 'it sells its business',
    ...key(),
  })
  await earn(context, first, [['feb', 50_000, '2026-02-10T00:00:00Z']])
  expect(await openOf(world, one)).toEqual(['EXIT_DATE'])
  clock.set('2026-03-02T00:00:00Z')
  const begun = await continueOffboarding(by(world, 'ann'), { partner: one.member.code }, exitPorts)
  expect(begun).toMatchObject({ status: 'UNDER_WAY' })
  expect(begun?.steps.map(({ step, count }) => [step, count])).toEqual([
    ['STATUS_CHANGED', 1],
    ['CLIENTS_REVOKED', 1],
    ['CONSENTS_ENDED', 3],
    ['MEMBERSHIPS_ENDED', 1],
  ])
  const { notices } = await listExitNotices(context, {})
  expect(notices.map(({ accountKey }) => accountKey).toSorted()).toEqual(one.customers.toSorted())
  expect(await openOf(world, one)).toEqual([
    'FINAL_PERIOD',
    'EARNING_WINDOW',
    'REFUND_WINDOW',
    'HOLDBACK',
    'UNPAID',
    'ACCOUNTS',
  ])

  const anew = { programme: one.programme, partner: one.member.code, from: '2026-04-01T00:00:00+08:00' }
  await expect(createAgreement(context, anew)).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'partner' })

  // February: 30.00 are reserved for refunds; 10.00 of the rest is disputed, what is left is paid, January's too
  const reserve = { agreement: one.agreement, amount: '30.00', until: '2026-05', reason: 'refunds', ...key() }
  await setReserve(by(world, 'fin'), reserve)
  await one.close('2026-02')
  const february = await lastOf(world, one.member)
  expect(february).toMatchObject({ earned: 10_000n, holdback: 1000n, payout: 6000n, closing: 3000n, held: 3000n })
  const doubt = { statement: february.id, amount: '10.00', reason: 'one referral is missing', ...key() }
  const dispute = await disputeStatement(by(world, 'ann'), doubt)
  const batch = await sent(world)
  await expect(close('bob')).rejects.toMatchObject({
    code: 'NOT_READY',
    message: expect.stringContaining('DISPUTES (1)'),
  })

  // both arrive
  const payouts = await payoutsOf(world, batch)
  expect(payouts.map(({ transfer }) => transfer).toSorted()).toEqual([18_000n, 5000n].toSorted())
  for (const payout of payouts) await settle(world, payout)

  // March: all of February's revenue is refunded; what is carried and released does not make up for it
  clock.set('2026-03-11T00:00:00Z')
  await earn(context, first, [['undone', -50_000, '2026-03-10T00:00:00Z']], { refundOf: `feb-${first}` })
  clock.set('2026-04-02T00:00:00Z')
  await one.close('2026-03')
  expect(await lastOf(world, one.member)).toMatchObject({
    opening: 3000n,
    clawbacks: -10_000n,
    released: 2000n,
    closing: -5000n,
  })
  expect(await openOf(world, one)).toEqual(
    expect.arrayContaining([
      'EARNING_WINDOW',
      'REFUND_WINDOW',
      'DISPUTES',
      'HOLDBACK',
      'RECEIVABLE',
      'UNPAID',
      'ACCOUNTS',
    ]),
  )

  // the dispute is upheld: 5.00 are given by hand, and the 10.00 are paid
  const said = { dispute: dispute.id, upheld: true, answer: 'you are right', amount: '5.00', ...key() }
  const { adjustment } = await answerDispute(by(world, 'fin'), said)
  expect(await openOf(world, one)).toEqual(expect.arrayContaining(['UNDECIDED']))
  await approveAdjustment(by(world, 'bob'), { adjustment: adjustment ?? '', ...key() })
  expect(await paid()).toBe(1000n)

  // April: the rest of the holdback is released, and the adjustment given
  clock.set('2026-05-02T00:00:00Z')
  await one.close('2026-04')
  expect(await lastOf(world, one.member)).toMatchObject({ earned: 500n, released: 1000n, held: 50n, closing: -3550n })
  // what it owes is paid back in part, and the rest given up
  await paidBack(world, one.agreement, 2500n)
  const given = { agreement: one.agreement, reason: 'not worth a lawsuit', ...key() }
  const { id: writeOff } = await proposeWriteOff(by(world, 'fin'), given)
  expect(await openOf(world, one)).toEqual(
    ['DISPUTE_WINDOW', 'HOLDBACK', 'RECEIVABLE', 'UNDECIDED', 'ACCOUNTS'].toSorted(inOrder),
  )
  await approveWriteOff(by(world, 'bob'), { writeOff, ...key() })

  // until the last five tenths of a yuan are released and paid
  clock.set('2026-06-02T00:00:00Z')
  await one.close('2026-05')
  clock.set('2026-07-13T00:00:00Z')
  await one.close('2026-06')
  expect(await lastOf(world, one.member)).toMatchObject({ released: 50n, held: 0n, payout: 50n, closing: 0n })
  clock.set('2026-07-24T00:00:00Z')
  expect(await paid()).toBe(50n)
  await acceptSilent(context)
  expect(await openOf(world, one)).toEqual([])

  // another person closes it than planned it, and nothing of it comes back
  await expect(close('ann')).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await close('bob')).toMatchObject({ status: 'CLOSED', acknowledged: [] })
  expect((await findPartner(context, one.member.code))?.status).toBe('CLOSED')
  expect(await booked(context, `Partner:Payable:${one.member.code}`)).toEqual({})
  expect(await booked(context, `Receivable:Partner:${one.member.code}`)).toEqual({})
  await expect(close('bob')).rejects.toMatchObject({ code: 'WRONG_STATE' })
  const again = { code: one.member.code, name: 'Willow', kind: 'SCENARIO' } as const
  await expect(createPartner(context, again)).rejects.toMatchObject({ code: 'DUPLICATE' })
  const client = {
    partner: one.member.code,
    name: 'Late',
    jwks: { keys: [ecKey('l')] },
    scopes: ['statements:read' as const],
  }
  await expect(createClient(context, client)).rejects.toMatchObject({ code: 'WRONG_STATE' })

  // and all of it stands in the log
  const { history, checklist, exit } = await exitReport(context, one.member.code)
  expect(exit).toMatchObject({ status: 'CLOSED', plannedBy: 'staff:ann' })
  expect(checklist.every(({ state }) => state === 'DONE')).toBe(true)
  const told = history.map(({ kind, status }) => `${kind} ${status}`)
  expect(told).toEqual(
    expect.arrayContaining([
      ...['MEMBERSHIP_ENDED ENDED', 'RESERVE UNTIL 2026-05', 'DISPUTE OPEN', 'DISPUTE_CLOSED UPHELD', 'PAYOUT SETTLED'],
      ...[
        'ADJUSTMENT APPROVED',
        'WRITE_OFF APPROVED',
        'REPAYMENT RECEIVED',
        'STATEMENT ACCEPTED',
        'ACCEPTANCE SILENCE',
      ],
    ]),
  )
  await sealAll(world.context, world.owner)
  expect(await verifyProjections(context, { projectors: PROJECTORS })).toEqual([])
})

const ORDER = ['UNDECIDED', 'DISPUTE_WINDOW', 'HOLDBACK', 'RECEIVABLE', 'ACCOUNTS']
function inOrder(a: string, b: string): number {
  return ORDER.indexOf(a) - ORDER.indexOf(b)
}
