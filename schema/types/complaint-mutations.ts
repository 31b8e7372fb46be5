import { assignComplaint } from '../../partners/complaints/assign-complaint.ts'
import { complain } from '../../partners/complaints/complain.ts'
import type { Complaint } from '../../partners/complaints/complaint.ts'
import { decideComplaint } from '../../partners/complaints/decide-complaint.ts'
import { takeComplaint } from '../../partners/complaints/take-complaint.ts'
import { withdrawComplaint, withdrawOwnComplaint } from '../../partners/complaints/withdraw-complaint.ts'
import { builder, type GraphName } from '../builder.ts'
import { customerOf } from '../graph-context.ts'
import { KEY } from './bank-details-input.ts'
import { complaintType } from './complaint.ts'
import { complaintCategoryType, complaintOutcomeType, complaintSeverityType } from './enums.ts'
import { payloadOf, payloadType } from './payloads.ts'

const customer: GraphName[] = ['customer']
const operations: GraphName[] = ['operations']
const both: GraphName[] = ['customer', 'operations']
const workers = { restrictor: true } as const

const payload = (name: string, subGraphs: GraphName[]) =>
  payloadType<Complaint>(name, { field: 'complaint', type: complaintType, subGraphs })
const complainPayload = payload('ComplainPayload', customer)
const takePayload = payload('TakeComplaintPayload', operations)
const assignPayload = payload('AssignComplaintPayload', operations)
const decidePayload = payload('DecideComplaintPayload', operations)
const withdrawPayload = payload('WithdrawComplaintPayload', both)

const TEXT = { required: true, description: 'What was said, 1 to 2,000 characters.' } as const

const complainInput = builder.inputType('ComplainInput', {
  description: 'What a customer says that a partner did wrong.',
  subGraphs: customer,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code; one that has or had a consent of the customer.' }),
    category: t.field({ type: complaintCategoryType, required: true, description: 'What it is about.' }),
    text: t.string(TEXT),
    idempotencyKey: t.string(KEY),
  }),
})
const takeInput = builder.inputType('TakeComplaintInput', {
  description: 'What somebody said to a member of the staff about a partner.',
  subGraphs: operations,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'About whom, by code or id.' }),
    category: t.field({ type: complaintCategoryType, required: true, description: 'What it is about.' }),
    severity: t.field({ type: complaintSeverityType, description: 'How grave it is; MEDIUM unless told.' }),
    text: t.string(TEXT),
    customer: t.string({ description: 'The broker’s key of the customer who complains, if one does.' }),
    complainingPartner: t.string({ description: 'The partner that complains, by code or id, if one does.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const assignInput = builder.inputType('AssignComplaintInput', {
  description: 'Who works on a complaint.',
  subGraphs: operations,
  fields: (t) => ({
    complaint: t.id({ required: true, description: 'Its id.' }),
    to: t.string({ required: true, description: 'Name of a member of the staff.' }),
    severity: t.field({
      type: complaintSeverityType,
      description: 'How grave it is, where otherwise than it was taken for.',
    }),
    idempotencyKey: t.string(KEY),
  }),
})
const decideInput = builder.inputType('DecideComplaintInput', {
  description: 'What a complaint comes to.',
  subGraphs: operations,
  fields: (t) => ({
    complaint: t.id({ required: true, description: 'Its id.' }),
    outcome: t.field({ type: complaintOutcomeType, required: true, description: 'Whether the complainant is right.' }),
    answer: t.string({ required: true, description: 'To the complainant, 1 to 2,000 characters.' }),
    remedy: t.string({ description: 'What is put right; the partner reads it too, so it names nobody.' }),
    idempotencyKey: t.string(KEY),
  }),
})
const withdrawInput = builder.inputType('WithdrawComplaintInput', {
  description: 'Which complaint is made no longer.',
  subGraphs: both,
  fields: (t) => ({
    complaint: t.id({ required: true, description: 'Its id.' }),
    idempotencyKey: t.string(KEY),
  }),
})

builder.mutationFields((t) => ({
  complain: t.field({
    type: complainPayload,
    subGraphs: customer,
    description: 'Complains about a partner; ten complaints of a customer may be open at once.',
    authScopes: { kind: 'customer' },
    args: { input: t.arg({ type: complainInput, required: true, description: 'About whom, and what is wrong.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => complain(graph.context, { ...input, accountKey: customerOf(graph).accountKey })),
  }),
  takeComplaint: t.field({
    type: takePayload,
    subGraphs: operations,
    description: 'Takes in what somebody said; another person decides it. Role partner-manager or compliance.',
    authScopes: workers,
    args: { input: t.arg({ type: takeInput, required: true, description: 'About whom, and what is wrong.' }) },
    resolve: (_, { input: { severity, customer: account, complainingPartner, ...input } }, { context }) =>
      payloadOf(() =>
        takeComplaint(context, {
          ...{ ...input, ...(severity && { severity }), ...(account != null && { customer: account }) },
          ...(complainingPartner != null && { complainingPartner }),
        }),
      ),
  }),
  assignComplaint: t.field({
    type: assignPayload,
    subGraphs: operations,
    description: 'Says who works on it; from then on it is WORKING. Role partner-manager or compliance.',
    authScopes: workers,
    args: { input: t.arg({ type: assignInput, required: true, description: 'Which, and who.' }) },
    resolve: (_, { input: { severity, ...input } }, { context }) =>
      payloadOf(() => assignComplaint(context, { ...input, ...(severity && { severity }) })),
  }),
  decideComplaint: t.field({
    type: decidePayload,
    subGraphs: operations,
    description: 'Decides it for good, by another person than took it in. Role partner-manager or compliance.',
    authScopes: workers,
    args: { input: t.arg({ type: decideInput, required: true, description: 'Which, and what it comes to.' }) },
    resolve: (_, { input: { remedy, ...input } }, { context }) =>
      payloadOf(() => decideComplaint(context, { ...input, ...(remedy != null && { remedy }) })),
  }),
  withdrawComplaint: t.field({
    type: withdrawPayload,
    subGraphs: both,
    description:
      'Ends a complaint of one’s own, or one of which somebody said so (role partner-manager or compliance).',
    authScopes: { $any: { kind: 'customer', restrictor: true } },
    args: { input: t.arg({ type: withdrawInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, { context, caller }) =>
      payloadOf(() =>
        caller.kind === 'customer'
          ? withdrawOwnComplaint(context, { ...input, accountKey: caller.accountKey })
          : withdrawComplaint(context, { ...input }),
      ),
  }),
}))
