import { attestDeletion } from '../../customers/deletions/attest-deletion.ts'
import type { Deletion } from '../../customers/deletions/deletion.ts'
import { findDeletions, listOverdueDeletions } from '../../customers/deletions/list-deletions.ts'
import { isId } from '../../kernel/ids.ts'
import { batched } from '../batched.ts'
import { builder, GRAPHS, type GraphName } from '../builder.ts'
import { type GraphContext, partnerOf } from '../graph-context.ts'
import { KEY } from './bank-details-input.ts'
import { consentType } from './consent.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = [...GRAPHS]
const partner: GraphName[] = ['partner']
const operations: GraphName[] = ['operations']

const deletionType = builder.objectRef<Deletion>('Deletion').implement({
  description: 'How the end of a consent goes on at the partner: told, heard, and the data deleted or overdue.',
  subGraphs,
  fields: (t) => ({
    consent: t.exposeID('consent', { description: 'The consent that ended.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'Whose it was.',
      resolve: ({ partnerId }, _, graph) => partnerNamed(graph, partnerId),
    }),
    purpose: t.exposeString('purpose', { description: 'What it was for.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', description: 'When it ended.' }),
    toldAt: t.expose('toldAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the partner was first told, where it takes webhooks.',
    }),
    acknowledgedAt: t.expose('acknowledgedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its server said that it had heard.',
    }),
    dueAt: t.expose('dueAt', { type: 'DateTime', description: 'By when it has to have deleted what it read.' }),
    attestedAt: t.expose('attestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it said that it had.',
    }),
    overdue: t.exposeBoolean('overdue', { description: 'Whether that time is over without its word.' }),
  }),
})

const attestPayload = payloadType<Deletion>('AttestDeletionPayload', {
  ...{ field: 'deletion', type: deletionType, subGraphs: partner },
})
const attestInput = builder.inputType('AttestDeletionInput', {
  description: 'Under which consent what was read is deleted.',
  subGraphs: partner,
  fields: (t) => ({
    consent: t.id({ required: true, description: 'A consent of the partner’s that has ended.' }),
    idempotencyKey: t.string(KEY),
  }),
})

const deletionOf = batched<GraphContext, Deletion>(({ context }, consents) =>
  findDeletions(
    context,
    consents.filter((id) => isId('cns', id)),
  ),
)

builder.objectFields(consentType, (t) => ({
  deletion: t.field({
    type: deletionType,
    nullable: true,
    description: 'What the partner did since it ended; nothing while it counts.',
    resolve: async ({ id }, _, graph) => (await deletionOf(graph, id)) ?? null,
  }),
}))

builder.queryFields((t) => ({
  overdueDeletions: t.field({
    type: connectionOf(deletionType, operations),
    description: 'Deletions that are due and that nobody attested. Role compliance.',
    subGraphs: operations,
    authScopes: { role: 'compliance' },
    args: pageArgs,
    resolve: (_, args, { context }) => listOverdueDeletions(context, pageIn(args)),
  }),
}))

builder.mutationFields((t) => ({
  attestDeletion: t.field({
    type: attestPayload,
    description: 'Says that what was read under a consent which ended is deleted. Scope customers:read.',
    subGraphs: partner,
    authScopes: { scope: 'customers:read' },
    args: { input: t.arg({ type: attestInput, required: true, description: 'Which consent.' }) },
    resolve: (_, { input }, graph) =>
      payloadOf(() => attestDeletion(graph.context, { ...input, partner: partnerOf(graph).partner })),
  }),
}))
