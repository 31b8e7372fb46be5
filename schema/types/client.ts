import type { Client } from '../../partners/client.ts'
import { areKeysDue, keysDueAt } from '../../partners/client-keys.ts'
import { listClients } from '../../partners/list-clients.ts'
import { builder, type GraphName } from '../builder.ts'
import { clientStatusType, tokenBindingType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { partnerNamed, partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { kind: 'staff' } as const

export const clientType = builder.objectRef<Client>('Client').implement({
  description: 'An OAuth client of a partner, and how old its keys are.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id, which is the client_id.' }),
    name: t.exposeString('name', { description: 'What it is.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'Whose it is.',
      resolve: ({ partnerId }, _, graph) => partnerNamed(graph, partnerId),
    }),
    status: t.expose('status', { type: clientStatusType, description: 'Whether it may be given tokens at all.' }),
    scopes: t.exposeStringList('scopes', { description: 'What its tokens may allow.' }),
    redirectUris: t.exposeStringList('redirectUris', { description: 'Where browsers may be sent back to.' }),
    binding: t.expose('binding', { type: tokenBindingType, description: 'What its tokens are bound to.' }),
    keys: t.stringList({
      description: 'The names (kid) of its public keys.',
      resolve: ({ jwks }) => jwks.keys.map(({ kid }) => kid),
    }),
    keysSince: t.expose('keysSince', { type: 'DateTime', description: 'Since when it has these keys.' }),
    keysDueAt: t.field({
      type: 'DateTime',
      description: 'When it should have others.',
      resolve: (client) => keysDueAt(client),
    }),
    keysDue: t.boolean({
      description: 'Whether it is active and should have others within 30 days, or should have had them.',
      resolve: (client, _, { context }) => areKeysDue(client, context.clock.now()),
    }),
    formerKeysUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when the keys of before are accepted beside them, if they are or were.',
      resolve: ({ former }) => former?.until,
    }),
  }),
})

const clients = connectionOf(clientType, subGraphs)

builder.queryField('clients', (t) =>
  t.field({
    type: clients,
    description: 'Clients of one partner or of all, by id.',
    subGraphs,
    authScopes,
    args: {
      partner: t.arg.string({ description: 'Code or id; of all partners when absent.' }),
      keysDue: t.arg.boolean({ description: 'Only active ones that should have other keys within 30 days.' }),
      ...pageArgs,
    },
    resolve: (_, { partner, keysDue, ...args }, { context }) =>
      listClients(context, { partner, keysDue, page: pageIn(args) }),
  }),
)

builder.objectFields(partnerType, (t) => ({
  clients: t.field({
    type: clients,
    description: 'Its OAuth clients by id, and how old their keys are.',
    subGraphs,
    authScopes,
    args: pageArgs,
    resolve: ({ id }, args, { context }) => listClients(context, { partner: id, page: pageIn(args) }),
  }),
}))
