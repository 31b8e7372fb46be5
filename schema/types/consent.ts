import type { Consent } from '../../customers/consent.ts'
import type { Disclosure } from '../../customers/disclosure.ts'
import { findNotice } from '../../customers/find-notice.ts'
import type { SharedTag } from '../../customers/granularity.ts'
import { listConsents } from '../../customers/list-consents.ts'
import { listDisclosures } from '../../customers/list-disclosures.ts'
import { builder, type GraphName } from '../builder.ts'
import { customerOf } from '../graph-context.ts'
import { consentReceiptType, receiptsOf } from './consent-receipt.ts'
import {
  consentMoverType,
  consentStatusType,
  consentUsageType,
  disclosureOutcomeType,
  granularityType,
} from './enums.ts'
import { noticeType } from './notice.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['customer']
const authScopes = { kind: 'customer' } as const

const sharedTagType = builder.objectRef<SharedTag>('SharedTag').implement({
  description: 'A tag that is shared, and how exactly.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its key.' }),
    granularity: t.expose('granularity', { type: granularityType, description: 'How exactly.' }),
  }),
})

/** What the customer lets one partner read. */
export const consentType = builder.objectRef<Consent>('Consent').implement({
  description: 'What the customer lets one partner read, for one purpose, until when.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    subject: t.exposeID('subject', { description: 'The pseudonym under which the partner knows the customer.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'Who may read.',
      resolve: ({ partnerId }, _, graph) => partnerNamed(graph, partnerId),
    }),
    purpose: t.exposeString('purpose', { description: 'What for.' }),
    status: t.expose('status', { type: consentStatusType, description: 'Whether it counts.' }),
    tags: t.field({ type: [sharedTagType], description: 'What it covers.', resolve: ({ tags }) => tags }),
    version: t.exposeInt('version', { description: '1, or one more than the consent that this one amends.' }),
    amends: t.exposeID('amends', { nullable: true, description: 'The consent that it took the place of.' }),
    usage: t.expose('usage', { type: consentUsageType, description: 'Whether it may be used more than once.' }),
    maxPerDay: t.exposeInt('maxPerDay', {
      nullable: true,
      description: 'Answers in one day (UTC) that give something; without limit when absent.',
    }),
    retentionDays: t.exposeInt('retentionDays', {
      nullable: true,
      description: 'How many days the partner may keep what it read.',
    }),
    suspendedBy: t.expose('suspendedBy', {
      type: consentMoverType,
      nullable: true,
      description: 'Who suspended it, and so who may resume it.',
    }),
    crossBorder: t.exposeString('crossBorder', {
      nullable: true,
      description: 'Where the customer agreed that the data may go (ISO 3166-1); absent where the partner was here.',
    }),
    notice: t.field({
      type: noticeType,
      nullable: true,
      description: 'What the customer was shown.',
      resolve: ({ purpose, noticeVersion }, _, { context }) => findNotice(context, { purpose, version: noticeVersion }),
    }),
    receipt: t.field({
      type: consentReceiptType,
      description: 'The receipt of its last recorded step.',
      resolve: async (consent, _, graph) => (await receiptsOf(graph, consent))[0] ?? null,
      nullable: true,
    }),
    history: t.field({
      type: [consentReceiptType],
      description: 'Every step with its receipt, the latest first, up to a hundred.',
      resolve: (consent, _, graph) => receiptsOf(graph, consent),
    }),
    grantedAt: t.expose('grantedAt', { type: 'DateTime', description: 'When it was given.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends by itself.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it stopped to count.' }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true, description: 'When the customer ended it.' }),
    record: t.exposeID('record', {
      description: 'The record in the log that made it what it is. The partner can prove the same one.',
    }),
  }),
})

const disclosureType = builder.objectRef<Disclosure>('Disclosure').implement({
  description: 'One read of the customer’s data.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'Who read.',
      resolve: ({ partnerId }, _, graph) => partnerNamed(graph, partnerId),
    }),
    purpose: t.exposeString('purpose', { description: 'What for.' }),
    consentId: t.exposeID('consentId', { nullable: true, description: 'The consent that allowed it.' }),
    tags: t.field({ type: [sharedTagType], description: 'What the answer held.', resolve: ({ tags }) => tags }),
    outcome: t.expose('outcome', { type: disclosureOutcomeType, description: 'Whether it gave anything.' }),
  }),
})

const consents = connectionOf(consentType, subGraphs)
const disclosures = connectionOf(disclosureType, subGraphs)

builder.queryFields((t) => ({
  consents: t.field({
    type: consents,
    description: 'The customer’s own consents, newest first.',
    subGraphs,
    authScopes,
    args: pageArgs,
    resolve: (_, args, graph) =>
      listConsents(graph.context, { accountKey: customerOf(graph).accountKey }, pageIn(args)),
  }),
  disclosures: t.field({
    type: disclosures,
    description: 'Who read the customer’s data, newest first.',
    subGraphs,
    authScopes,
    args: pageArgs,
    resolve: (_, args, graph) =>
      listDisclosures(graph.context, { accountKey: customerOf(graph).accountKey }, pageIn(args)),
  }),
}))
