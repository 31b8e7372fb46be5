import { findReserve, findReservesOf } from '../../ledger/reserves/find-reserve.ts'
import type { Reserve } from '../../ledger/reserves/reserve.ts'
import { setReserve } from '../../ledger/reserves/set-reserve.ts'
import { builder, type GraphName } from '../builder.ts'
import { agreementType } from './agreement.ts'
import { moneyType } from './money.ts'
import { offboardingType } from './offboarding.ts'
import { payloadOf, payloadType } from './payloads.ts'
import { programmeNamed } from './programme.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const operations: GraphName[] = ['operations']

const reserveType = builder.objectRef<Reserve>('Reserve').implement({
  description:
    'What of an ended agreement’s balance is carried and not paid yet, because refunds may still take it back.',
  subGraphs,
  fields: (t) => ({
    agreement: t.exposeID('agreement', { description: 'Of which agreement.' }),
    amount: t.field({
      type: moneyType,
      nullable: true,
      description: 'How much at most.',
      resolve: async ({ programme, minor }, _, graph) => {
        const known = await programmeNamed(graph, programme)
        return known && { asset: known.asset, minor }
      },
    }),
    until: t.exposeString('until', { description: 'The month whose statement keeps nothing back any more.' }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    setAt: t.expose('setAt', { type: 'DateTime', description: 'When that was said.' }),
    record: t.exposeID('record', { description: 'The record of it.' }),
  }),
})

const payload = payloadType<Reserve>('SetReservePayload', {
  field: 'reserve',
  type: reserveType,
  subGraphs: operations,
})

const input = builder.inputType('SetReserveInput', {
  description: 'What of an ended agreement’s balance is not paid yet.',
  subGraphs: operations,
  fields: (t) => ({
    agreement: t.id({ required: true, description: 'Its id.' }),
    amount: t.string({ required: true, description: 'A decimal in the programme’s asset; 0 lifts the reserve.' }),
    until: t.string({ required: true, description: 'The month whose statement keeps nothing back any more, 2027-03.' }),
    reason: t.string({ required: true, description: 'Why, up to 300 characters, which its partner reads.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})

builder.objectFields(agreementType, (t) => ({
  reserve: t.field({
    type: reserveType,
    nullable: true,
    description: 'What of its balance is not paid yet, as it was said last.',
    resolve: async ({ id }, _, { context }) => (await findReserve(context, id)) ?? null,
  }),
}))

builder.objectFields(offboardingType, (t) => ({
  reserves: t.field({
    type: [reserveType],
    subGraphs,
    description: 'What of its balances is not paid yet, as it was said last of each agreement.',
    resolve: ({ partner }, _, { context }) => findReservesOf(context, partner),
  }),
}))

builder.mutationFields((t) => ({
  setReserve: t.field({
    type: payload,
    subGraphs: operations,
    description: 'Keeps a part of what an ended agreement comes to from being paid until a month. Role finance.',
    authScopes: { role: 'finance' },
    args: { input: t.arg({ type: input, required: true, description: 'Of which, how much, until when and why.' }) },
    resolve: (_, args, { context }) => payloadOf(() => setReserve(context, { ...args.input })),
  }),
}))
