import { z } from 'zod'
import { SCOPES } from '../../kernel/caller.ts'
import { parseWith } from '../../kernel/parse.ts'
import { parseStrictJson } from '../../kernel/strict-json.ts'
import { changeClient } from '../../partners/change-client.ts'
import type { Client } from '../../partners/client.ts'
import { createClient } from '../../partners/create-client.ts'
import { revokeClient } from '../../partners/revoke-client.ts'
import { builder, type GraphName } from '../builder.ts'
import { clientType } from './client.ts'
import {
  clientBindingInput,
  clientKeysInput,
  clientRedirectsInput,
  createClientInput,
  revokeClientInput,
} from './client-inputs.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { role: 'partner-manager' } as const
const payload = { field: 'client', type: clientType, subGraphs } as const
const createPayload = payloadType<Client>('CreateClientPayload', payload)
const keysPayload = payloadType<Client>('SetClientKeysPayload', payload)
const redirectsPayload = payloadType<Client>('SetClientRedirectsPayload', payload)
const bindingPayload = payloadType<Client>('SetClientBindingPayload', payload)
const revokePayload = payloadType<Client>('RevokeClientPayload', payload)

const scopesInput = z.strictObject({ scopes: z.array(z.enum(SCOPES)) })

builder.mutationFields((t) => ({
  createClient: t.field({
    type: createPayload,
    subGraphs,
    authScopes,
    description: 'Registers an OAuth client of a partner; its id is the client_id. Role partner-manager.',
    args: { input: t.arg({ type: createClientInput, required: true, description: 'The client.' }) },
    resolve: (_, { input: { jwks, scopes, redirectUris, binding, ...input } }, { context }) =>
      payloadOf(async () =>
        createClient(context, {
          ...{ ...input, ...parseWith(scopesInput, { scopes }, 'client'), jwks: parseStrictJson(jwks) },
          ...(redirectUris && { redirectUris: [...redirectUris] }),
          ...(binding && { binding }),
        }),
      ),
  }),
  setClientKeys: t.field({
    type: keysPayload,
    subGraphs,
    authScopes,
    description: 'Puts other public keys in the place of those that a client has. Role partner-manager.',
    args: { input: t.arg({ type: clientKeysInput, required: true, description: 'Which client, and its keys.' }) },
    resolve: (_, { input: { jwks, overlapDays, ...input } }, { context }) =>
      payloadOf(async () =>
        changeClient(context, { ...input, jwks: parseStrictJson(jwks), ...(overlapDays != null && { overlapDays }) }),
      ),
  }),
  setClientRedirects: t.field({
    type: redirectsPayload,
    subGraphs,
    authScopes,
    description: 'Says where browsers may be sent back to, in the place of what was registered. Role partner-manager.',
    args: { input: t.arg({ type: clientRedirectsInput, required: true, description: 'Which client, and where.' }) },
    resolve: (_, { input: { redirectUris, ...input } }, { context }) =>
      payloadOf(() => changeClient(context, { ...input, redirectUris: [...redirectUris] })),
  }),
  setClientBinding: t.field({
    type: bindingPayload,
    subGraphs,
    authScopes,
    description: 'Says what tokens of a client are bound to; those that it has end. Role partner-manager.',
    args: { input: t.arg({ type: clientBindingInput, required: true, description: 'Which client, and what.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => changeClient(context, { ...input })),
  }),
  revokeClient: t.field({
    type: revokePayload,
    subGraphs,
    authScopes: { restrictor: true },
    description:
      'Ends a client for good: its tokens are good for nothing from the next request on. Role partner-manager or compliance.',
    args: { input: t.arg({ type: revokeClientInput, required: true, description: 'Which client, and why.' }) },
    resolve: (_, { input }, { context }) => payloadOf(() => revokeClient(context, { ...input })),
  }),
}))
