import { generateKeyPairSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type GrantConsentInput, grantConsent } from '../../customers/grant-consent.ts'
import { importCustomers } from '../../customers/import-customers.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { mapBounded } from '../../kernel/map-bounded.ts'
import { createClient } from '../../partners/create-client.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import { measure } from '../harness.ts'

/** The partner that pages, and the purpose. */
export type Party = { readonly caller: PartnerCaller; readonly purpose: string; readonly subjects: readonly string[] }

const MAPPING = fileURLToPath(new URL('../../examples/bank-customers.mapping.json', import.meta.url))
/** What customers share with a partner. */
export type Share = Pick<GrantConsentInput, 'purpose' | 'tags'>

/** A tag in each granularity. */
export const PLAIN: Share = {
  purpose: 'MARKETING_INSURANCE',
  tags: [
    { key: 'life_stage', granularity: 'exact' },
    { key: 'age', granularity: 'band' },
    { key: 'occupation', granularity: 'flag' },
  ],
}
const LANES = 10
const CONSENT_MS = 90 * 86_400_000

/**
 * Imports the customers and has them consent, each to the first partner for three tags, and then again from the start to
 * a second one, until there are so many consents. All through the verbs that the gateway has.
 */
export async function populate(
  context: Context,
  { file, consents }: { readonly file: string; readonly consents: number },
): Promise<Party> {
  await importPopulation(context, file)
  const accounts = await accountsOf(context)
  const first = await consenting(context, { code: 'harbour-bank', share: PLAIN, accounts: accounts.slice(0, consents) })
  const left = accounts.slice(0, Math.max(0, consents - accounts.length))
  await consenting(context, { code: 'hill-bank', share: PLAIN, accounts: left })
  return first
}

/** Imports the customers of a file of the bank's. */
export async function importPopulation(context: Context, file: string): Promise<void> {
  const mapping: unknown = JSON.parse(await readFile(MAPPING, 'utf8'))
  await measure('customers imported', () => importCustomers(context, { file, mapping }))
}

/** All accounts, in their order. */
export async function accountsOf({ database: { reads } }: Context): Promise<readonly string[]> {
  const rows = await reads<{ account_key: string }[]>`select account_key from customers order by account_key`
  return rows.map(({ account_key }) => account_key)
}

/** A live partner to which the accounts consent. */
export async function consenting(
  context: Context,
  { code, share, accounts }: { readonly code: string; readonly share: Share; readonly accounts: readonly string[] },
): Promise<Party> {
  const { caller } = await party(context, code)
  const subjects: string[] = []
  await measure(`${accounts.length} consents given to ${code}`, () =>
    mapBounded(accounts, LANES, async (accountKey) => {
      subjects.push((await grantConsent(context, grantOf(code, accountKey, share))).subject)
    }),
  )
  return { caller, purpose: share.purpose, subjects }
}

function grantOf(partnerCode: string, accountKey: string, share: Share): GrantConsentInput {
  return {
    ...share,
    accountKey,
    partnerCode,
    expiresAt: new Date(Date.now() + CONSENT_MS),
    evidence: { locale: 'en', channel: 'app' },
    idempotencyKey: `${partnerCode}-${accountKey}`,
  }
}

async function party(
  context: Context,
  code: string,
): Promise<{ readonly code: string; readonly caller: PartnerCaller }> {
  const { id } = await createPartner(context, { code, name: code, kind: 'BANK' })
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a' }] }
  const client = await createClient(context, { partner: id, name: 'Portal', jwks, scopes: ['customers:read'] })
  await goLive(context, { partner: id })
  return {
    code,
    caller: {
      kind: 'partner',
      partner: id,
      client: client.id,
      scopes: new Set(['customers:read']),
      requestId: 'bench',
    },
  }
}
