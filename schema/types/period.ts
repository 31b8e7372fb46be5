import { type ClosedPeriod, closePeriod } from '../../ledger/settlement/close-period.ts'
import { listPeriods } from '../../ledger/settlement/list-periods.ts'
import type { Period } from '../../ledger/settlement/period.ts'
import { builder } from '../builder.ts'
import { periodStatusType } from './enums.ts'
import { moneyType } from './money.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { payloadOf, payloadType } from './payloads.ts'
import { programmeNamed } from './programme.ts'
import { recordOf, recordType } from './record.ts'

const periodType = builder.objectRef<Period>('Period').implement({
  description: 'A calendar month of a programme, in its time zone.',
  subGraphs: ['operations'],
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    month: t.exposeString('month', { description: 'The month, e.g. 2026-01.' }),
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'Its first instant.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'The first instant after it.' }),
    status: t.expose('status', { type: periodStatusType, description: 'How far its closing is.' }),
    lockedAt: t.expose('lockedAt', { type: 'DateTime', nullable: true, description: 'When statements were issued.' }),
    record: t.exposeID('record', { nullable: true, description: 'The record of its locking, which can be proven.' }),
    logRecord: t.field({
      type: recordType,
      nullable: true,
      description: 'The same, with its proof. Roles finance and compliance.',
      resolve: ({ record }, _, graph) => (record === undefined ? null : recordOf(graph, record)),
    }),
  }),
})

const closedPeriodType = builder.objectRef<ClosedPeriod>('ClosedPeriod').implement({
  description: 'What the closing of a month gave.',
  subGraphs: ['operations'],
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    period: t.expose('period', { type: periodType, description: 'The month, locked.' }),
    statements: t.exposeInt('statements', { description: 'Statements that were issued.' }),
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
  }),
})

const periods = connectionOf(periodType, ['operations'])
const closePeriodPayload = payloadType('ClosePeriodPayload', {
  field: 'closed',
  type: closedPeriodType,
  subGraphs: ['operations'],
})

const closePeriodInput = builder.inputType('ClosePeriodInput', {
  description: 'Which month of which programme.',
  subGraphs: ['operations'],
  fields: (t) => ({
    programme: t.string({ required: true, description: 'Its code or id.' }),
    month: t.string({ required: true, description: 'The month, e.g. 2026-01.' }),
    idempotencyKey: t.string({
      description: 'May be left out: a month is closed once whatever the key, and again it is a WRONG_STATE.',
    }),
  }),
})

builder.queryFields((t) => ({
  periods: t.field({
    type: periods,
    nullable: true,
    description: 'Months of a programme whose closing was tried, oldest first; nothing for an unknown programme.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    args: { programme: t.arg.string({ required: true, description: 'Its code or id.' }), ...pageArgs },
    resolve: async (_, { programme, ...args }, graph) => {
      const known = await programmeNamed(graph, programme)
      return known && listPeriods(graph.context, { programme: known.id, page: pageIn(args) })
    },
  }),
}))

builder.mutationFields((t) => ({
  closePeriod: t.field({
    type: closePeriodPayload,
    description: 'Closes a month: calculates, issues statements, posts and locks. Role finance.',
    subGraphs: ['operations'],
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: closePeriodInput, required: true, description: 'Which month.' }) },
    resolve: (_, { input: { programme, month } }, { context }) =>
      payloadOf(() => closePeriod(context, { programme, month })),
  }),
}))
