import type { Complaint } from '../../partners/complaints/complaint.ts'
import { listComplaints, listOwnComplaints } from '../../partners/complaints/list-complaints.ts'
import { requireComplaint } from '../../partners/complaints/require-complaint.ts'
import { builder, GRAPHS, type GraphName } from '../builder.ts'
import { customerOf, readerOf } from '../graph-context.ts'
import { complainantKindType, complaintCategoryType, complaintSeverityType, complaintStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const operations: GraphName[] = ['operations']
/** Those for whom what was said is meant: whoever said it, and who works on it. */
const inside: GraphName[] = ['customer', 'operations']
const workers: GraphName[] = ['partner', 'operations']

/** A complaint; a partner learns neither who complains nor what was said. */
export const complaintType = builder.objectRef<Complaint>('Complaint').implement({
  description: 'What somebody says that a partner did wrong, and what became of it.',
  subGraphs: [...GRAPHS],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'About whom.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    category: t.expose('category', { type: complaintCategoryType, description: 'What it is about.' }),
    severity: t.expose('severity', {
      ...{ type: complaintSeverityType, subGraphs: workers, description: 'How grave it is.' },
    }),
    status: t.expose('status', { type: complaintStatusType, description: 'Where it stands.' }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When it came in.' }),
    dueAt: t.expose('dueAt', { type: 'DateTime', description: 'By when it is answered.' }),
    decidedAt: t.expose('decidedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was decided or withdrawn.',
    }),
    remedy: t.string({
      nullable: true,
      description: 'What is put right; it names nobody.',
      resolve: ({ words }) => words?.remedy,
    }),
    text: t.string({
      ...{ nullable: true, subGraphs: inside },
      description: 'What was said; absent once the customer was erased.',
      resolve: ({ words }) => words?.said,
    }),
    answer: t.string({
      ...{ nullable: true, subGraphs: inside },
      description: 'What the complainant was answered.',
      resolve: ({ words }) => words?.answer,
    }),
    complainant: t.field({
      ...{ type: complainantKindType, subGraphs: operations, description: 'Who complains.' },
      resolve: ({ complainant }) => complainant.kind,
    }),
    complainingPartner: t.field({
      ...{
        type: partnerType,
        nullable: true,
        subGraphs: operations,
        description: 'The partner that complains, if one does.',
      },
      resolve: ({ complainant }, _, graph) =>
        complainant.kind === 'PARTNER' ? partnerNamed(graph, complainant.partner) : null,
    }),
    takenBy: t.exposeString('takenBy', { subGraphs: operations, description: 'Who took it in.' }),
    assignedTo: t.exposeString('assignedTo', {
      nullable: true,
      subGraphs: operations,
      description: 'Who works on it.',
    }),
    decidedBy: t.exposeString('decidedBy', {
      ...{ nullable: true, subGraphs: operations, description: 'Who decided or withdrew it.' },
    }),
    record: t.exposeID('record', { subGraphs: operations, description: 'The last record about it.' }),
  }),
})

const complaints = connectionOf(complaintType, [...GRAPHS])

builder.queryFields((t) => ({
  complaints: t.field({
    type: complaints,
    description:
      'Complaints, the last received first: those about the partner that calls, or about any (role partner-manager or compliance).',
    subGraphs: workers,
    authScopes: { $any: { kind: 'partner', restrictor: true } },
    args: {
      ...pageArgs,
      partner: t.arg.string({ description: 'For the staff: about which partner, by code or id.' }),
      status: t.arg({ type: complaintStatusType, description: 'Those alone in this status.' }),
    },
    resolve: (_, { partner, status, ...args }, graph) =>
      listComplaints(graph.context, { partner: readerOf(graph) ?? partner, status, page: pageIn(args) }),
  }),
  complaint: t.field({
    type: complaintType,
    description: 'One complaint. Role partner-manager or compliance.',
    subGraphs: operations,
    authScopes: { restrictor: true },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, { context }) => requireComplaint(context, id),
  }),
  myComplaints: t.field({
    type: complaints,
    description: 'The customer’s own complaints, the last first.',
    subGraphs: ['customer'],
    authScopes: { kind: 'customer' },
    args: pageArgs,
    resolve: (_, args, graph) => listOwnComplaints(graph.context, customerOf(graph), pageIn(args)),
  }),
}))
