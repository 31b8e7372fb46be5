import { exitChecklist } from '../../partners/offboarding/exit-checklist.ts'
import type { ExitItem } from '../../partners/offboarding/exit-item.ts'
import { findOffboarding } from '../../partners/offboarding/find-offboarding.ts'
import type { DoneStep, Offboarding } from '../../partners/offboarding/offboarding.ts'
import { builder, type GraphName } from '../builder.ts'
import { exitPorts } from '../exit-ports.ts'
import { exitReport } from '../exit-report.ts'
import { exitCodeType, exitStateType, exitStepType, offboardingStatusType } from './enums.ts'
import { moneyType } from './money.ts'
import { partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const operations: GraphName[] = ['operations']

const stepType = builder.objectRef<DoneStep>('OffboardingStep').implement({
  description: 'Something that was done for an exit.',
  subGraphs,
  fields: (t) => ({
    step: t.expose('step', { type: exitStepType, description: 'What.' }),
    count: t.exposeInt('count', { description: 'To how many.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was finished.' }),
  }),
})

const itemType = builder.objectRef<ExitItem>('OffboardingItem').implement({
  description: 'One thing that an exit waits for, or does not any more.',
  subGraphs,
  fields: (t) => ({
    code: t.expose('code', { type: exitCodeType, description: 'Which.' }),
    state: t.expose('state', { type: exitStateType, description: 'Whether something of it is open.' }),
    count: t.exposeInt('count', { description: 'How many there are of what is open.' }),
    sentence: t.exposeString('sentence', { description: 'The same in words.' }),
    amounts: t.field({
      type: [moneyType],
      description: 'What it comes to; of a partner’s client, for the scope statements:read.',
      resolve: ({ amounts }, _, { caller }) =>
        caller.kind === 'partner' && !caller.scopes.has('statements:read') ? [] : amounts,
    }),
    until: t.expose('until', { type: 'DateTime', nullable: true, description: 'Until when, where that is known.' }),
    examples: t.exposeStringList('examples', { subGraphs: operations, description: 'Up to ten of them.' }),
    command: t.exposeString('command', {
      nullable: true,
      subGraphs: operations,
      description: 'What to run to get on with it.',
    }),
    acknowledgeable: t.exposeBoolean('acknowledgeable', {
      subGraphs: operations,
      description: 'Whether the exit may be closed with it open, if somebody says so.',
    }),
  }),
})

/** How a partner leaves. */
export const offboardingType = builder.objectRef<Offboarding>('Offboarding').implement({
  description: 'How a partner leaves: the date, what was done, and what is open.',
  subGraphs,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    status: t.expose('status', { type: offboardingStatusType, description: 'Where it stands.' }),
    exitAt: t.expose('exitAt', { type: 'DateTime', description: 'From then on the partner is OFFBOARDING.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    plannedBy: t.exposeString('plannedBy', {
      subGraphs: operations,
      description: 'Who planned it; another person closes it.',
    }),
    steps: t.field({ type: [stepType], description: 'What was done.', resolve: ({ steps }) => steps }),
    checklist: t.field({
      type: [itemType],
      description: 'All that it waits for; nothing of one that was called off.',
      resolve: async ({ partner }, _, { context }) => (await exitChecklist(context, partner, exitPorts)).items,
    }),
    report: t.field({
      type: 'JSON',
      subGraphs: operations,
      description: 'All of it as one document: steps, what is open, and what happened to money, with the records.',
      resolve: ({ partner }, _, { context }) => exitReport(context, partner),
    }),
    record: t.exposeID('record', { description: 'The last record about it.' }),
  }),
})

builder.objectFields(partnerType, (t) => ({
  offboarding: t.field({
    type: offboardingType,
    nullable: true,
    subGraphs,
    description: 'How it leaves, where that is planned; a partner sees its own.',
    resolve: async ({ id }, _, { context, caller }) =>
      caller.kind === 'partner' && caller.partner !== id ? null : ((await findOffboarding(context, id)) ?? null),
  }),
}))
