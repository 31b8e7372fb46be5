import { listPayable } from '../../ledger/payouts/list-payable.ts'
import type { Payable } from '../../ledger/payouts/payable.ts'
import type { LeftOut } from '../../ledger/payouts/prepare-payouts.ts'
import { builder, type GraphName } from '../builder.ts'
import { payoutHindranceType } from './enums.ts'
import { moneyType } from './money.ts'
import { partnerNamed, partnerType } from './partner.ts'

const subGraphs: GraphName[] = ['operations']
const MOST = 1000

const payableType = builder.objectRef<Payable>('PayableStatement').implement({
  description: 'A statement of which something is left to pay by bank.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    statement: t.exposeID('statement', { description: 'Its id.' }),
    number: t.exposeString('number', { description: 'Its number.' }),
    month: t.exposeString('month', { description: 'Its month.' }),
    partner: t.field({
      type: partnerType,
      nullable: true,
      description: 'Whom we owe it.',
      resolve: ({ partner }, _, graph) => partnerNamed(graph, partner),
    }),
    left: t.field({
      type: moneyType,
      description: 'Before tax, what is in no payout.',
      resolve: ({ asset, left }) => ({ asset, minor: left }),
    }),
    disputed: t.field({
      type: moneyType,
      description: 'Of it, what is disputed.',
      resolve: ({ asset, held }) => ({ asset, minor: held }),
    }),
    transfer: t.field({
      type: moneyType,
      nullable: true,
      description: 'What would go to the bank now, if nothing hinders.',
      resolve: ({ asset, amounts }) => amounts && { asset, minor: amounts.transfer },
    }),
    hindrance: t.expose('hindrance', { type: payoutHindranceType, nullable: true, description: 'Why it waits.' }),
    until: t.expose('until', { type: 'DateTime', nullable: true, description: 'Until when, where that is known.' }),
  }),
})

/** A statement that a batch left out. */
export const leftOutType = builder.objectRef<LeftOut>('LeftOutStatement').implement({
  description: 'A statement that a batch left out, and why.',
  subGraphs,
  authScopes: { kind: 'staff' },
  fields: (t) => ({
    statement: t.exposeID('statement', { description: 'Its id.' }),
    number: t.exposeString('number', { description: 'Its number.' }),
    left: t.field({
      type: moneyType,
      description: 'Before tax, what is not paid.',
      resolve: ({ asset, left }) => ({ asset, minor: left }),
    }),
    hindrance: t.expose('hindrance', { type: payoutHindranceType, description: 'Why it waits.' }),
    until: t.expose('until', { type: 'DateTime', nullable: true, description: 'Until when, where that is known.' }),
  }),
})

builder.queryFields((t) => ({
  payable: t.field({
    type: [payableType],
    description: `Statements of which something is left to pay, and what hinders each; the first ${MOST}, the oldest first.`,
    subGraphs,
    authScopes: { kind: 'staff' },
    args: {
      asset: t.arg.string({ description: 'In this asset alone, e.g. CNY/2.' }),
      programme: t.arg.string({ description: 'Of this programme alone, by code or id.' }),
      month: t.arg.string({ description: 'Of this month alone, e.g. 2026-01.' }),
    },
    resolve: async (_, filter, { context }) => (await listPayable(context, filter)).slice(0, MOST),
  }),
}))
