import type { Dispute } from '../../ledger/disputes/dispute.ts'
import { builder, type GraphName } from '../builder.ts'
import { disputeStatusType } from './enums.ts'
import { moneyType } from './money.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
/** Who acted is in the records; here it is for us. */
const ours: GraphName[] = ['operations']

/** A partner's objection to a statement. */
export const disputeType = builder.objectRef<Dispute>('Dispute').implement({
  description: 'A partner’s objection to a statement, and what became of it.',
  subGraphs,
  authScopes: { $any: { scopeOrStaff: 'statements:read', scope: 'statements:answer' } },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    statement: t.exposeID('statement', { description: 'The statement’s id.' }),
    number: t.exposeString('number', { description: 'The statement’s number.' }),
    rules: t.intList({
      description: 'Places of the rules that are disputed; without rules and lines, the whole statement is.',
      resolve: ({ rules }) => [...rules],
    }),
    lines: t.idList({ description: 'Ids of the lines that are disputed.', resolve: ({ lines }) => [...lines] }),
    held: t.field({
      type: moneyType,
      description: 'What of the payout, before tax, is not paid while it is open.',
      resolve: ({ held, asset }) => ({ minor: held, asset }),
    }),
    reason: t.exposeString('reason', { description: 'Why.' }),
    status: t.expose('status', { type: disputeStatusType, description: 'What became of it.' }),
    openedAt: t.expose('openedAt', { type: 'DateTime', description: 'When it was opened.' }),
    openedBy: t.exposeString('openedBy', {
      subGraphs: ours,
      description: 'The partner, or who of the staff opened it on the partner’s behalf.',
    }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true, description: 'When it was closed.' }),
    closedBy: t.exposeString('closedBy', { nullable: true, subGraphs: ours, description: 'Who closed it.' }),
    answer: t.exposeString('answer', { nullable: true, description: 'What the partner was told.' }),
    adjustment: t.exposeID('adjustment', {
      nullable: true,
      subGraphs: ours,
      description: 'The adjustment that was proposed because it was upheld.',
    }),
  }),
})
