import type { InputFieldBuilder } from '@pothos/core'
import type { builder } from '../builder.ts'

type Fields = InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>

const idempotencyKey = 'The same key with the same input has one effect; 1 to 200 characters.'

/** What is signed, by whom the token says. */
export const countersignFields = (t: Fields) => ({
  proposal: t.id({ required: true, description: 'Its id.' }),
  hash: t.string({ required: true, description: 'SHA-256 of the body that was read; another one is a HASH_MISMATCH.' }),
  idempotencyKey: t.string({ required: true, description: idempotencyKey }),
})

/** What is taken back, and why. */
export const withdrawFields = (t: Fields) => ({
  proposal: t.id({ required: true, description: 'Its id.' }),
  reason: t.string({ required: true, description: 'Why, up to 300 characters; partners to whom it was put read it.' }),
  idempotencyKey: t.string({ required: true, description: idempotencyKey }),
})
