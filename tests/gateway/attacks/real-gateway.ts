import { customerSchema, operationsSchema, partnerSchema } from '../../../schema/graphs.ts'
import type { TestWorld } from '../../support/database.ts'
import { askPartnerGraph, credentials, type TestClient } from '../clients.ts'
import { startGateway, type TestGateway } from '../gateway.ts'
import { steady } from '../steady.ts'

/** A gateway with the graphs that partners, customers and staff really use. */
export function startRealGateway(world: TestWorld): Promise<TestGateway> {
  return startGateway(world, {
    parts: { partner: partnerSchema, customer: customerSchema, operations: operationsSchema },
  })
}

/** Somebody who is let in. */
export type Insider = { readonly client: TestClient; readonly token: string }

/** What is answered to a partner, and how. */
export type Said = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

/** Asks the partner graph with good credentials. */
export async function asPartner(
  gateway: TestGateway,
  { client, token }: Insider,
  query: string,
  variables: object = {},
): Promise<Said> {
  const answer = await askPartnerGraph(gateway, await credentials(client, token), { query, variables })
  return { status: answer.status, body: await steady(answer) }
}
