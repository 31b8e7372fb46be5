import { builder, type GraphName } from '../builder.ts'
import { KEY } from './bank-details-input.ts'
import { tokenBindingType } from './enums.ts'

const subGraphs: GraphName[] = ['operations']
const CLIENT = { required: true, description: 'Its id.' } as const
const JWKS = { required: true, description: 'Its public keys: a JWK set as JSON, ES256 or PS256.' } as const
const ADDRESSES = 'https addresses, or http on this machine; none: it asks no customers.'

export const createClientInput = builder.inputType('CreateClientInput', {
  description: 'A new client of a partner.',
  subGraphs,
  fields: (t) => ({
    partner: t.string({ required: true, description: 'Its code or id.' }),
    name: t.string({ required: true, description: 'What the client is.' }),
    jwks: t.string(JWKS),
    scopes: t.stringList({ required: true, description: 'What its tokens may allow, such as customers:read.' }),
    redirectUris: t.stringList({ description: ADDRESSES }),
    binding: t.field({ type: tokenBindingType, description: 'What its tokens are bound to; DPOP unless given.' }),
    idempotencyKey: t.string(KEY),
  }),
})

export const clientKeysInput = builder.inputType('SetClientKeysInput', {
  description: 'Other keys of a client.',
  subGraphs,
  fields: (t) => ({
    client: t.id(CLIENT),
    jwks: t.string(JWKS),
    overlapDays: t.int({
      description: 'For how many days those that it has are accepted as well, up to 90; not at all unless given.',
    }),
    idempotencyKey: t.string(KEY),
  }),
})

export const clientRedirectsInput = builder.inputType('SetClientRedirectsInput', {
  description: 'Where browsers may be sent back to.',
  subGraphs,
  fields: (t) => ({
    client: t.id(CLIENT),
    redirectUris: t.stringList({ required: true, description: ADDRESSES }),
    idempotencyKey: t.string(KEY),
  }),
})

export const clientBindingInput = builder.inputType('SetClientBindingInput', {
  description: 'What the tokens of a client are bound to.',
  subGraphs,
  fields: (t) => ({
    client: t.id(CLIENT),
    binding: t.field({ type: tokenBindingType, required: true, description: 'Its key, or its certificate.' }),
    idempotencyKey: t.string(KEY),
  }),
})

export const revokeClientInput = builder.inputType('RevokeClientInput', {
  description: 'Which client ends, and why.',
  subGraphs,
  fields: (t) => ({
    client: t.id(CLIENT),
    reason: t.string({ required: true, description: 'Why, up to 500 characters; the partner can read it.' }),
    idempotencyKey: t.string(KEY),
  }),
})
