import { type CloseReport, closeReport } from '../../ledger/reports/close-report.ts'
import { pageRows } from '../../ledger/reports/page-rows.ts'
import { builder, type GraphName } from '../builder.ts'
import {
  accountCheckType,
  checkType,
  holdbackType,
  movedType,
  payableType,
  pointsWorthType,
  receivableType,
  taxType,
  underWayType,
} from './close-report-rows.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'

const subGraphs: GraphName[] = ['operations']
const authScopes = { kind: 'staff' } as const

const connections = {
  movements: connectionOf(movedType, subGraphs),
  payables: connectionOf(payableType, subGraphs),
  receivables: connectionOf(receivableType, subGraphs),
  holdbacks: connectionOf(holdbackType, subGraphs),
  payments: connectionOf(underWayType, subGraphs),
  taxes: connectionOf(taxType, subGraphs),
  differences: connectionOf(accountCheckType, subGraphs),
}

const reportType = builder.objectRef<CloseReport>('CloseReport').implement({
  description: 'The books of the whole ledger at a month’s end, and whether they are what the journal has.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    month: t.exposeString('month', { description: 'The month.' }),
    at: t.expose('at', { type: 'DateTime', description: 'As of when.' }),
    agrees: t.exposeBoolean('agrees', { description: 'Whether the books are what the journal has on every account.' }),
    sections: t.field({ type: [checkType], description: 'By part and asset.', resolve: ({ sections }) => sections }),
    points: t.field({ type: [pointsWorthType], description: 'Points liability.', resolve: ({ points }) => points }),
    movements: t.field({
      type: connections.movements,
      description: 'Accounts that have a balance or moved.',
      args: pageArgs,
      resolve: ({ movements }, args) => pageRows(movements, pageIn(args)),
    }),
    payables: t.field({
      type: connections.payables,
      description: 'What is owed to partners.',
      args: pageArgs,
      resolve: ({ payables }, args) => pageRows(payables, pageIn(args)),
    }),
    receivables: t.field({
      type: connections.receivables,
      description: 'What partners owe.',
      args: pageArgs,
      resolve: ({ receivables }, args) => pageRows(receivables, pageIn(args)),
    }),
    holdbacks: t.field({
      type: connections.holdbacks,
      description: 'What is held back.',
      args: pageArgs,
      resolve: ({ holdbacks }, args) => pageRows(holdbacks, pageIn(args)),
    }),
    payments: t.field({
      type: connections.payments,
      description: 'Payments under way.',
      args: pageArgs,
      resolve: ({ payments }, args) => pageRows(payments, pageIn(args)),
    }),
    taxes: t.field({
      type: connections.taxes,
      description: 'Taxes posted.',
      args: pageArgs,
      resolve: ({ taxes }, args) => pageRows(taxes, pageIn(args)),
    }),
    differences: t.field({
      type: connections.differences,
      description: 'Accounts on which the books and the journal differ.',
      args: pageArgs,
      resolve: ({ differences }, args) => pageRows(differences, pageIn(args)),
    }),
  }),
})

builder.queryFields((t) => ({
  closeReport: t.field({
    type: reportType,
    description: 'The close report: as of a month’s end, or now. For the staff.',
    subGraphs,
    authScopes,
    args: {
      month: t.arg.string({ description: 'Such as 2026-01; now unless given.' }),
      programme: t.arg.string({ description: 'In whose time zone the month is, where there are several.' }),
    },
    resolve: (_, input, { context }) => closeReport(context, input),
  }),
}))
