import { calculatePeriod } from '../../ledger/settlement/calculate-period.ts'
import { hindering } from '../../ledger/settlement/checklist.ts'
import { type ClosedPeriod, closePeriod } from '../../ledger/settlement/close-period.ts'
import type { PeriodFigures } from '../../ledger/settlement/figures-of-period.ts'
import { findPeriod } from '../../ledger/settlement/find-period.ts'
import { listPeriods } from '../../ledger/settlement/list-periods.ts'
import { lockPeriod } from '../../ledger/settlement/lock-period.ts'
import { periodChecklist } from '../../ledger/settlement/period-checklist.ts'
import { builder } from '../builder.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'
import { checklistItemType } from './period-checklist.ts'
import { periodType } from './period-type.ts'
import { programmeNamed } from './programme.ts'

/** What is told of a month that was calculated, locked or closed. */
type CarriedOn = PeriodFigures & Partial<Pick<ClosedPeriod, 'factsSince' | 'open'>>

const ACKNOWLEDGED =
  'Codes of the checklist that may stand open: FACTS_SINCE_CALCULATION, UNCONFIRMED_CONTRIBUTIONS, UNDECIDED_ADJUSTMENTS.'

const closedPeriodType = builder.objectRef<CarriedOn>('ClosedPeriod').implement({
  description: 'How far a month was carried on, and what it comes to.',
  subGraphs: ['operations'],
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    period: t.expose('period', { type: periodType, description: 'The month.' }),
    statements: t.exposeInt('statements', { description: 'Statements that are drafted, or issued.' }),
    facts: t.exposeInt('facts', { description: 'Facts that were read.' }),
    lateFacts: t.exposeInt('lateFacts', { description: 'Facts that came too late for a locked month.' }),
    earned: t.field({
      type: moneyType,
      description: 'Earned by all members together.',
      resolve: ({ earned, programme: { asset } }) => ({ minor: earned, asset }),
    }),
    clawbacks: t.field({
      type: moneyType,
      description: 'Taken back from all members together, by corrections of locked months; not above zero.',
      resolve: ({ clawbacks, programme: { asset } }) => ({ minor: clawbacks, asset }),
    }),
    payout: t.field({
      type: moneyType,
      description: 'Paid to all members together.',
      resolve: ({ payout, programme: { asset } }) => ({ minor: payout, asset }),
    }),
    points: t.string({
      description: 'Points that were given to customers and partners, a whole number.',
      resolve: ({ points }) => `${points}`,
    }),
    notAccruing: t.stringList({
      description: 'Codes of members without a statement: in the sandbox, suspended.',
      resolve: ({ notAccruing }) => notAccruing,
    }),
    factsSince: t.exposeInt('factsSince', {
      nullable: true,
      description: 'Facts and approved adjustments that came between calculation and lock: a later month gives them.',
    }),
    open: t.field({
      type: [checklistItemType],
      description: 'What keeps the month from being locked; empty when it is.',
      resolve: async ({ open, programme, period: { month } }, _, { context }) =>
        open ?? hindering((await periodChecklist(context, { programme: programme.id, month })).items, 'HINDERS_LOCK'),
    }),
  }),
})

const periods = connectionOf(periodType, ['operations'])
const closePeriodPayload = payloadType('ClosePeriodPayload', {
  field: 'closed',
  type: closedPeriodType,
  subGraphs: ['operations'],
})

const lockPeriodPayload = payloadType('LockPeriodPayload', {
  field: 'locked',
  type: closedPeriodType,
  subGraphs: ['operations'],
})
const calculatePeriodPayload = payloadType('CalculatePeriodPayload', {
  field: 'calculated',
  type: closedPeriodType,
  subGraphs: ['operations'],
})

const PROGRAMME = { required: true, description: 'Its code or id.' } as const
const MONTH = { required: true, description: 'The month, e.g. 2026-01.' } as const

const calculatePeriodInput = builder.inputType('CalculatePeriodInput', {
  description: 'Which month of which programme.',
  subGraphs: ['operations'],
  fields: (t) => ({
    programme: t.string(PROGRAMME),
    month: t.string(MONTH),
    idempotencyKey: t.string({
      description: 'May be left out: a calculation takes the place of the one before, whatever the key.',
    }),
  }),
})
const lockPeriodInput = builder.inputType('LockPeriodInput', {
  description: 'Which month of which programme, and what may stand open.',
  subGraphs: ['operations'],
  fields: (t) => ({
    programme: t.string(PROGRAMME),
    month: t.string(MONTH),
    acknowledged: t.stringList({ description: ACKNOWLEDGED }),
    idempotencyKey: t.string({
      description: 'May be left out: a month is locked once whatever the key, and again it is a WRONG_STATE.',
    }),
  }),
})
const closePeriodInput = builder.inputType('ClosePeriodInput', {
  description: 'Which month of which programme.',
  subGraphs: ['operations'],
  fields: (t) => ({
    programme: t.string(PROGRAMME),
    month: t.string(MONTH),
    acknowledged: t.stringList({ description: ACKNOWLEDGED }),
    idempotencyKey: t.string({
      description: 'May be left out: a month is closed once whatever the key, and again it is a WRONG_STATE.',
    }),
  }),
})

builder.queryFields((t) => ({
  period: t.field({
    type: periodType,
    nullable: true,
    description: 'A month of a programme; nothing while its closing was never tried, or for an unknown programme.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    args: {
      programme: t.arg.string(PROGRAMME),
      month: t.arg.string(MONTH),
    },
    resolve: (_, { programme, month }, { context }) => findPeriod(context, { programme, month }),
  }),
  periodChecklist: t.field({
    type: [checklistItemType],
    nullable: true,
    description: 'What is open of a month, also before anybody tried to close it; nothing for an unknown programme.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    args: {
      programme: t.arg.string(PROGRAMME),
      month: t.arg.string(MONTH),
    },
    resolve: async (_, { programme, month }, graph) => {
      const known = await programmeNamed(graph, programme)
      return known && (await periodChecklist(graph.context, { programme: known.id, month })).items
    },
  }),
  periods: t.field({
    type: periods,
    nullable: true,
    description: 'Months of a programme whose closing was tried, oldest first; nothing for an unknown programme.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    args: { programme: t.arg.string(PROGRAMME), ...pageArgs },
    resolve: async (_, { programme, ...args }, graph) => {
      const known = await programmeNamed(graph, programme)
      return known && listPeriods(graph.context, { programme: known.id, page: pageIn(args) })
    },
  }),
}))

builder.mutationFields((t) => ({
  calculatePeriod: t.field({
    type: calculatePeriodPayload,
    description: 'Drafts the statements of a month, as often as wanted before it is locked. Role finance.',
    subGraphs: ['operations'],
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: calculatePeriodInput, required: true, description: 'Which month.' }) },
    resolve: (_, { input: { programme, month } }, { context }) =>
      payloadOf(() => calculatePeriod(context, { programme, month })),
  }),
  lockPeriod: t.field({
    type: lockPeriodPayload,
    description: 'Locks a month as it was calculated: issues statements and posts the journal, for good. Role finance.',
    subGraphs: ['operations'],
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: lockPeriodInput, required: true, description: 'Which month.' }) },
    resolve: (_, { input: { programme, month, acknowledged } }, { context }) =>
      payloadOf(() => lockPeriod(context, { programme, month, acknowledged })),
  }),
  closePeriod: t.field({
    type: closePeriodPayload,
    description:
      'Carries a month on as far as it can: calculates, locks (issues statements, posts), and closes what is paid. Role finance.',
    subGraphs: ['operations'],
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: closePeriodInput, required: true, description: 'Which month.' }) },
    resolve: (_, { input: { programme, month, acknowledged } }, { context }) =>
      payloadOf(() => closePeriod(context, { programme, month, acknowledged })),
  }),
}))
