import { findNotice } from '../../customers/find-notice.ts'
import { listPurposes } from '../../customers/list-purposes.ts'
import { listTags } from '../../customers/list-tags.ts'
import type { Purpose } from '../../customers/purpose.ts'
import type { TagDefinition } from '../../customers/tag-definition.ts'
import { builder, type GraphName } from '../builder.ts'
import type { GraphContext } from '../graph-context.ts'
import { perRequest } from '../per-request.ts'
import { granularityType, purposeDirectionType, sensitivityType, tagTypeType } from './enums.ts'
import { noticeType } from './notice.ts'

const subGraphs: GraphName[] = ['customer', 'operations']

const tagType = builder.objectRef<TagDefinition>('Tag').implement({
  description: 'A fact about customers: what it means, and how it may be shared.',
  subGraphs,
  authScopes: { customerOrStaff: true },
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its key.' }),
    labelEn: t.exposeString('labelEn', { description: 'Its name in English.' }),
    labelZh: t.exposeString('labelZh', { description: 'Its name in Chinese.' }),
    category: t.exposeString('category', { description: 'What it belongs to.' }),
    type: t.expose('type', { type: tagTypeType, description: 'What it is made of.' }),
    unit: t.exposeString('unit', { nullable: true, description: 'What it is counted in.' }),
    sensitivity: t.expose('sensitivity', { type: sensitivityType, description: 'What the law asks of it.' }),
    legalBasis: t.exposeString('legalBasis', { description: 'Why the broker may hold it.' }),
    granularities: t.field({
      type: [granularityType],
      description: 'How exactly it may be shared.',
      resolve: ({ granularities }) => granularities,
    }),
  }),
})

const tagsNow = perRequest(({ context }: GraphContext) => listTags(context))

const purposeType = builder.objectRef<Purpose>('Purpose').implement({
  description: 'What a partner may ask data for.',
  subGraphs,
  authScopes: { customerOrStaff: true },
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its key.' }),
    nameEn: t.exposeString('nameEn', { description: 'Its name in English.' }),
    nameZh: t.exposeString('nameZh', { description: 'Its name in Chinese.' }),
    description: t.exposeString('description', { description: 'What it means.' }),
    direction: t.expose('direction', {
      type: purposeDirectionType,
      description: 'Whether a partner reads, or supplies.',
    }),
    notice: t.field({
      type: noticeType,
      nullable: true,
      description: 'What customers are told about it now.',
      resolve: ({ key }, _, { context }) => findNotice(context, { purpose: key }),
    }),
    tags: t.field({
      type: [tagType],
      description: 'What may be asked for it.',
      resolve: async ({ tagKeys }, _, graph) => (await tagsNow(graph, '')).filter(({ key }) => tagKeys.includes(key)),
    }),
  }),
})

builder.queryFields((t) => ({
  purposes: t.field({
    type: [purposeType],
    description: 'All purposes, by key.',
    subGraphs,
    authScopes: { customerOrStaff: true },
    resolve: (_, __, { context }) => listPurposes(context),
  }),
  tags: t.field({
    type: [tagType],
    description: 'All tags, by key.',
    subGraphs: ['operations'],
    authScopes: { kind: 'staff' },
    resolve: (_, __, graph) => tagsNow(graph, ''),
  }),
}))
