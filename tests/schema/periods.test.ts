import { beforeAll, describe, expect, test } from 'vitest'
import type { Caller, StaffRole } from '../../kernel/caller.ts'
import { operationsSchema } from '../../schema/graphs.ts'
import { referredIn } from '../ledger/settlement/corrections/scene.ts'
import { earn } from '../ledger/settlement/scene.ts'
import { useWorld } from '../support/database.ts'
import { type Answer, ask } from './asking.ts'

const world = useWorld()
const month = '2026-02'
let programme: string
let customer: string

const CALCULATE = `mutation ($input: CalculatePeriodInput!) { calculatePeriod(input: $input) {
  calculated { period { status } facts earned { amount } open { code } factsSince } userErrors { code field message } } }`
const LOCK = `mutation ($input: LockPeriodInput!) { lockPeriod(input: $input) {
  locked { period { status lockedBy acknowledged } factsSince open { code } } userErrors { code field message } } }`
const CLOSE = `mutation ($input: ClosePeriodInput!) { closePeriod(input: $input) {
  closed { period { status } } userErrors { code message } } }`
const PERIOD = `query ($programme: String!, $month: String!) { period(programme: $programme, month: $month) {
  status progress { step facts of startedBy } checklist { code severity state count examples acknowledgeable } closedAt } }`
const CHECKLIST = `query ($programme: String!, $month: String!) { periodChecklist(programme: $programme, month: $month) {
  code state sentence command } }`

beforeAll(async () => {
  world.clock.set('2026-03-02T00:00:00Z')
  ;({ programme, customer } = await referredIn(world))
  await earn(world.context, customer, [['e', 1000, '2026-02-10T00:00:00Z']])
})

function asStaff(source: string, variables: Record<string, unknown>, role: StaffRole = 'finance'): Promise<Answer> {
  const caller: Caller = { kind: 'staff', name: 'ann', roles: new Set([role]), requestId: 'r-1' }
  const context = { ...world.context, actor: 'staff:ann' as const }
  return ask({ schema: operationsSchema, context, caller }, source, variables)
}

describe('a month', () => {
  test('is looked over before anybody tried to close it', async () => {
    expect(await asStaff(PERIOD, { programme, month }, 'compliance')).toEqual({ codes: [], data: { period: null } })
    const { data } = await asStaff(CHECKLIST, { programme, month }, 'compliance')
    expect(data).toMatchObject({
      periodChecklist: expect.arrayContaining([
        {
          ...{
            code: 'NOT_CALCULATED',
            state: 'OPEN',
            command: `period calculate --programme ${programme} --month ${month}`,
          },
          sentence: 'its statements are not drafted, or their calculation was cut off',
        },
      ]),
    })
    expect((await asStaff(CHECKLIST, { programme: 'nowhere', month })).data).toEqual({ periodChecklist: null })
  })

  test('is calculated, and everybody of the staff sees how far that came', async () => {
    expect(await asStaff(CALCULATE, { input: { programme, month } })).toMatchObject({
      codes: [],
      data: {
        calculatePeriod: {
          calculated: {
            period: { status: 'REVIEW' },
            facts: 1,
            earned: { amount: '2.00' },
            open: [],
            factsSince: null,
          },
          userErrors: [],
        },
      },
    })
    const { data } = await asStaff(PERIOD, { programme, month }, 'compliance')
    expect(data).toMatchObject({
      period: {
        status: 'REVIEW',
        progress: { step: 'LOCKING', facts: 1, of: 1, startedBy: 'staff:ann' },
        closedAt: null,
      },
    })
  })

  test('is locked with what was acknowledged, and told why not without', async () => {
    await earn(world.context, customer, [['late', 1000, '2026-02-11T00:00:00Z']])
    expect((await asStaff(LOCK, { input: { programme, month } })).data).toMatchObject({
      lockPeriod: {
        locked: null,
        userErrors: [{ code: 'CHECKLIST_OPEN', message: expect.stringContaining('FACTS_SINCE_CALCULATION (1)') }],
      },
    })
    const input = { programme, month, acknowledged: ['FACTS_SINCE_CALCULATION'] }
    expect((await asStaff(LOCK, { input: { ...input, acknowledged: ['OTHER_ASSETS'] } })).data).toMatchObject({
      lockPeriod: { userErrors: [{ code: 'INVALID_INPUT', field: 'acknowledged.0' }] },
    })
    expect((await asStaff(LOCK, { input })).data).toMatchObject({
      lockPeriod: {
        locked: {
          period: { status: 'LOCKED', lockedBy: 'staff:ann', acknowledged: ['FACTS_SINCE_CALCULATION'] },
          ...{ factsSince: 1, open: [] },
        },
      },
    })
    expect((await asStaff(CLOSE, { input: { programme, month } })).data).toMatchObject({
      closePeriod: { closed: null, userErrors: [{ code: 'WRONG_STATE' }] },
    })
  })

  test.each([CALCULATE, LOCK, CLOSE])('is moved by nobody without the role finance', async (mutation) => {
    const { data, codes } = await asStaff(mutation, { input: { programme, month: '2026-03' } }, 'partner-manager')
    expect([data, codes.length]).toEqual([null, 1])
  })
})
