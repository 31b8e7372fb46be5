import type { Consent } from '../../customers/consent.ts'
import { type ConsentReceipt, listReceipts } from '../../customers/list-receipts.ts'
import { builder, type GraphName } from '../builder.ts'
import { type GraphContext, partnerOf } from '../graph-context.ts'
import { perRequest } from '../per-request.ts'
import { consentMoverType, consentStatusType } from './enums.ts'

const subGraphs: GraphName[] = ['customer', 'partner']

/** A step in the life of a consent, with the receipt for it. */
export const consentReceiptType = builder.objectRef<ConsentReceipt>('ConsentReceipt').implement({
  description: 'A step in the life of a consent, and the signed receipt for it.',
  subGraphs,
  fields: (t) => ({
    status: t.expose('status', { type: consentStatusType, description: 'What the consent became.' }),
    by: t.expose('by', { type: consentMoverType, description: 'Whose doing it was.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    record: t.exposeID('record', { description: 'The record in the log that tells of it.' }),
    jws: t.exposeString('jws', {
      description: 'A JWS (ES256) with the members of ISO/IEC TS 27560; the keys at /consents/jwks.json verify it.',
    }),
  }),
})

/** The receipts of one of the customer's own consents, as it is after its last record. */
export function receiptsOf(graph: GraphContext, { id, record }: Consent): Promise<readonly ConsentReceipt[]> {
  return receiptsAfter(graph, `${id} ${record}`)
}

const receiptsAfter = perRequest(async ({ context, origin: issuer, caller }: GraphContext, key) => {
  const [consentId = ''] = key.split(' ')
  return caller.kind === 'customer' ? listReceipts(context, { consentId, issuer, accountKey: caller.accountKey }) : []
})

builder.queryField('consentReceipts', (t) =>
  t.field({
    type: [consentReceiptType],
    description:
      'The steps of a consent that the partner asked for or was given, each with its receipt, the latest first.',
    subGraphs: ['partner'],
    authScopes: { scope: 'customers:read' },
    args: { consentId: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { consentId }, graph) =>
      listReceipts(graph.context, { consentId, issuer: graph.origin, partner: partnerOf(graph).partner }),
  }),
)
