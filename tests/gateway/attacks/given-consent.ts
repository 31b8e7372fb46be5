import type { Consent } from '../../../customers/consent.ts'
import { grantConsent } from '../../../customers/grant-consent.ts'
import { findPartner } from '../../../partners/find-partner.ts'
import { goLive } from '../../../partners/go-live.ts'
import { grantInput } from '../../customers/factories.ts'
import { accessToken, registerClient } from '../clients.ts'
import type { TestGateway } from '../gateway.ts'
import { asPartner, type Insider, type Said } from './real-gateway.ts'

/** A live partner with a token. */
export async function letIn(gateway: TestGateway, more: Parameters<typeof registerClient>[1] = {}): Promise<Insider> {
  const client = await registerClient(gateway.context, more)
  await goLive(gateway.context, { partner: client.partner })
  return { client, token: await accessToken(gateway, client) }
}

/** A consent, and the account of whose it is. */
export type Given = Consent & { readonly accountKey: string }

/** What a consent is given for, by an account that is there or is made. */
export type GivenInput = ReturnType<typeof grantInput>

/** A customer's consent to a partner: the exact age for CREDIT, unless told otherwise. */
export async function giveConsent(
  gateway: TestGateway,
  { client }: Insider,
  { accountKey: known, account, ...more }: Partial<GivenInput> & { readonly account: () => Promise<string> },
): Promise<Given> {
  const accountKey = known ?? (await account())
  const { code = '' } = (await findPartner(gateway.context, client.partner)) ?? {}
  return { ...(await grantConsent(gateway.context, { ...grantInput(code, accountKey), ...more })), accountKey }
}

/** The answer to a partner's query, without what differs each time. */
export async function plainly(gateway: TestGateway, who: Insider, query: string): Promise<Said> {
  const { status, body } = await asPartner(gateway, who, query)
  const { extensions: _, ...rest } = body
  return { status, body: rest }
}
