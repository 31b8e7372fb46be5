import type { IRouter, Request, Response } from 'express'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { ndjsonLines } from '../../kernel/ndjson-lines.ts'
import { termsJsonSchema } from '../../ledger/agreements/terms-schema.ts'
import { contributionItemJsonSchema, revenueItemJsonSchema } from '../../ledger/facts/fact-schemas.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import { onBehalfOf } from '../graphql/graph-context.ts'
import type { Quotas } from '../limits/quotas.ts'
import { noteCaller } from '../requests/log-requests.ts'
import { atMost, chunksOf, refuseEncoded, requireType } from '../requests/read-body.ts'
import { requestIdOf } from '../requests/request-id.ts'
import { takeContributions } from './take-contributions.ts'

/** What the partners' door for contributions is made of. */
export type ContributionParts = {
  readonly bodyBytes: number
  readonly lineBytes: number
  readonly quotas: Quotas
  /** Says which partner's client calls, or throws. */
  readonly authenticate: (request: Request, requestId: string) => Promise<PartnerCaller>
}

/**
 * `POST /partner/contributions`: up to 10,000 contributions as NDJSON, with a result for each line, as NDJSON too.
 * `GET /schemas/contribution.json` and `/schemas/revenue.json`: what a line of each stream is;
 * `/schemas/terms.json`: what a file of terms is.
 */
export function mountContributions(router: IRouter, context: Context, parts: ContributionParts): void {
  router.post('/partner/contributions', (request, response) => take(context, parts, request, response))
  router.all('/partner/contributions', () => {
    throw new MethodNotAllowed(['POST'])
  })
  for (const [name, schema] of Object.entries({
    contribution: contributionItemJsonSchema(),
    revenue: revenueItemJsonSchema(),
    terms: termsJsonSchema(),
  })) {
    router.get(`/schemas/${name}.json`, (_request, response) => {
      response.type('application/schema+json').send(JSON.stringify(schema))
    })
  }
}

async function take(
  context: Context,
  { authenticate, bodyBytes, lineBytes, quotas }: ContributionParts,
  request: Request,
  response: Response,
): Promise<void> {
  const caller = await authenticate(request, requestIdOf(response))
  noteCaller(response, caller)
  requireType(request, 'application/x-ndjson')
  refuseEncoded(request)
  const lines = ndjsonLines(atMost(chunksOf(request), bodyBytes), lineBytes)
  const results = await takeContributions(onBehalfOf(context, caller), {
    ...{ caller, lines },
    allow: async (count) => void (await quotas.spend(caller, Math.max(1, count))),
  })
  response.set('cache-control', 'no-store').type('application/x-ndjson')
  response.send(results.map((result) => `${JSON.stringify(result)}\n`).join(''))
}
