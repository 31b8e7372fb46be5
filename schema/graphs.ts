import { type GraphQLSchema, validateSchema } from 'graphql'
import { invariant } from '../kernel/invariant.ts'
import { builder, type GraphName } from './builder.ts'
import './types/scalars.ts'
import './types/partner.ts'
import './types/capability.ts'
import './types/programme.ts'
import './types/checkpoint.ts'
import './types/record.ts'
import './types/agreement.ts'
import './types/agreement-proposal.ts'
import './types/attach-document.ts'
import './types/terms-proposal.ts'
import './types/terms-proposal-mutations.ts'
import './types/period.ts'
import './types/product.ts'
import './types/purpose.ts'
import './types/customer.ts'
import './types/product-match.ts'
import './types/preferences.ts'
import './types/supplied-tag.ts'
import './types/consent.ts'
import './types/consent-changes.ts'
import './types/consent-mutations.ts'
import './types/consent-receipt.ts'
import './types/disclosure-proof.ts'
import './types/alert.ts'
import './types/alert-mutations.ts'
import './types/client.ts'
import './types/incident.ts'
import './types/incident-mutations.ts'
import './types/contribution.ts'
import './types/decide-contribution.ts'
import './types/simulation.ts'
import './types/adjustment.ts'
import './types/close-report.ts'
import './types/opening.ts'
import './types/write-off.ts'
import './types/statement.ts'
import './types/dispute.ts'
import './types/bank-account.ts'
import './types/bank-account-mutations.ts'
import './types/bank-break.ts'
import './types/bank-break-mutations.ts'
import './types/bank-statement.ts'
import './types/own-account.ts'
import './types/invoice.ts'
import './types/invoice-mutations.ts'
import './types/payout.ts'
import './types/payout-batch.ts'
import './types/payable.ts'
import './types/payout-mutations.ts'
import './types/terms-diff.ts'
import './types/webhook.ts'
import './types/audience.ts'
import './types/deletion.ts'
import './types/journal.ts'
import './types/journal-entry.ts'
import './types/points.ts'
import './types/manage-points.ts'

/** What partners' clients may ask. */
export const partnerSchema: GraphQLSchema = graphOf('partner')
/** What a signed-in customer may ask. */
export const customerSchema: GraphQLSchema = graphOf('customer')
/** What the broker's staff may ask. */
export const operationsSchema: GraphQLSchema = graphOf('operations')

function graphOf(subGraph: GraphName): GraphQLSchema {
  const schema = builder.toSchema({ subGraph, sortSchema: true })
  const problems = validateSchema(schema)
  invariant(problems.length === 0, `the ${subGraph} graph is sound: ${problems[0]?.message}`)
  return schema
}
