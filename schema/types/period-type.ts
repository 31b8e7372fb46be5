import type { Period } from '../../ledger/settlement/period.ts'
import { periodChecklist } from '../../ledger/settlement/period-checklist.ts'
import { type PeriodProgress, periodProgress } from '../../ledger/settlement/period-status.ts'
import { builder } from '../builder.ts'
import { checklistCodeType, closingStepType, periodStatusType } from './enums.ts'
import { checklistItemType } from './period-checklist.ts'
import { recordOf, recordType } from './record.ts'

const progressType = builder.objectRef<PeriodProgress>('PeriodProgress').implement({
  description: 'How far a calculation of a month is; told every few seconds.',
  subGraphs: ['operations'],
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    step: t.expose('step', { type: closingStepType, description: 'What it is doing.' }),
    facts: t.exposeInt('facts', { description: 'Facts that were read in this step.' }),
    of: t.exposeInt('of', { nullable: true, description: 'All facts, once they are known.' }),
    startedBy: t.exposeString('startedBy', { description: 'Who began it.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When.' }),
    toldAt: t.expose('toldAt', { type: 'DateTime', description: 'When it last told how far it is.' }),
  }),
})

/** A month of a programme. */
export const periodType = builder.objectRef<Period>('Period').implement({
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
    lockedBy: t.exposeString('lockedBy', { nullable: true, description: 'Who locked it, where that was kept.' }),
    acknowledged: t.field({
      type: [checklistCodeType],
      description: 'What of the checklist was open when it was locked, and acknowledged.',
      resolve: ({ acknowledged }) => acknowledged,
    }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true, description: 'When nothing of it was left.' }),
    progress: t.field({
      type: progressType,
      nullable: true,
      description: 'How far its last calculation is, or came.',
      resolve: (period, _, { context }) => periodProgress(context, period),
    }),
    checklist: t.field({
      type: [checklistItemType],
      description: 'What hinders its lock, what hinders that it is closed, and what to know.',
      resolve: async ({ programme, month }, _, { context }) =>
        (await periodChecklist(context, { programme, month })).items,
    }),
    record: t.exposeID('record', { nullable: true, description: 'The record of its locking, which can be proven.' }),
    logRecord: t.field({
      type: recordType,
      nullable: true,
      description: 'The same, with its proof. Roles finance and compliance.',
      resolve: ({ record }, _, graph) => (record === undefined ? null : recordOf(graph, record)),
    }),
  }),
})
