import type { ConformanceCheck } from '../../partners/conformance/conformance-check.ts'
import type { ConformanceRun } from '../../partners/conformance/conformance-run.ts'
import { listRuns, requireRun } from '../../partners/conformance/find-runs.ts'
import { startRun } from '../../partners/conformance/start-run.ts'
import { builder, type GraphName } from '../builder.ts'
import { partnerOf, readerOf } from '../graph-context.ts'
import { KEY } from './bank-details-input.ts'
import { checkStatusType, conformanceCodeType, conformanceStatusType } from './enums.ts'
import { partnerType } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'

const both: GraphName[] = ['partner', 'operations']
const partner: GraphName[] = ['partner']
const operations: GraphName[] = ['operations']

const checkType = builder.objectRef<ConformanceCheck>('ConformanceCheck').implement({
  description: 'One thing that a partner shows in the sandbox.',
  subGraphs: both,
  fields: (t) => ({
    code: t.expose('code', { type: conformanceCodeType, description: 'Which.' }),
    status: t.expose('status', { type: checkStatusType, description: 'Where it stands.' }),
    seen: t.exposeString('seen', { description: 'What was seen, or what is awaited.' }),
    at: t.expose('at', { type: 'DateTime', nullable: true, description: 'When it was seen.' }),
    evidence: t.exposeStringList('evidence', { description: 'Ids of what shows it.' }),
  }),
})

const runType = builder.objectRef<ConformanceRun>('ConformanceRun').implement({
  description: 'Two hours in which a partner shows in the sandbox that its system does what it has to.',
  subGraphs: both,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    status: t.expose('status', { type: conformanceStatusType, description: 'Where it stands.' }),
    startedBy: t.exposeString('startedBy', { subGraphs: operations, description: 'Who started it.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'Since when the partner is watched.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'By when everything has to be right.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    countsUntil: t.expose('countsUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when it lets the partner go live, if it was passed.',
    }),
    checks: t.field({
      type: [checkType],
      description: 'All checks: as they are now, or as they were found when it ended.',
      resolve: ({ checks }) => checks,
    }),
    record: t.exposeID('record', { description: 'The last record about it.' }),
  }),
})

const startPayload = payloadType<ConformanceRun>('StartConformanceRunPayload', {
  ...{ field: 'run', type: runType, subGraphs: partner },
})
const startInput = builder.inputType('StartConformanceRunInput', {
  description: 'A run begins.',
  subGraphs: partner,
  fields: (t) => ({ idempotencyKey: t.string(KEY) }),
})

builder.queryFields((t) => ({
  conformanceRun: t.field({
    type: runType,
    description: 'A conformance run by its id: a partner’s own, or any for the staff. NOT_FOUND without one.',
    subGraphs: both,
    authScopes: { $any: { kind: 'partner', role: 'partner-manager', restrictor: true } },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, graph) => requireRun(graph.context, id, readerOf(graph)),
  }),
  conformanceRuns: t.field({
    type: [runType],
    description: 'The partner’s own conformance runs, the last started first, up to a hundred.',
    subGraphs: partner,
    authScopes: { kind: 'partner' },
    resolve: (_, __, graph) => listRuns(graph.context, partnerOf(graph).partner),
  }),
}))

builder.mutationFields((t) => ({
  startConformanceRun: t.field({
    type: startPayload,
    description: 'Starts a conformance run in the sandbox; one may be open. Any client of the partner.',
    subGraphs: partner,
    authScopes: { kind: 'partner' },
    args: { input: t.arg({ type: startInput, required: true, description: 'A run begins.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => startRun(graph.context, { ...input, partner: partnerOf(graph).partner })),
  }),
}))

builder.objectFields(partnerType, (t) => ({
  conformanceRuns: t.field({
    type: [runType],
    subGraphs: operations,
    description: 'What it showed in the sandbox: the last run first, up to a hundred.',
    resolve: ({ id }, _, { context }) => listRuns(context, id),
  }),
}))
