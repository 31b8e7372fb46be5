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
const PURPOSE = 'MARKETING_INSURANCE'
/** A tag in each granularity. */
const TAGS: GrantConsentInput['tags'] = [
  { key: 'life_stage', granularity: 'exact' },
  { key: 'age', granularity: 'band' },
  { key: 'occupation', granularity: 'flag' },
]
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
  const mapping: unknown = JSON.parse(await readFile(MAPPING, 'utf8'))
  await measure('customers imported', () => importCustomers(context, { file, mapping }))
  const accounts = await context.database.reads<{ account_key: string }[]>`
    select account_key from customers order by account_key`
  const [first, second] = [await party(context, 'harbour-bank'), await party(context, 'hill-bank')]
  const subjects: string[] = []
  await measure(`${consents} consents given`, () =>
    mapBounded([...Array(consents).keys()], LANES, async (index) => {
      const recipient = index < accounts.length ? first : second
      const accountKey = accounts[index % accounts.length]?.account_key ?? ''
      const { subject } = await grantConsent(context, grantOf(recipient.code, accountKey))
      if (recipient === first) subjects.push(subject)
    }),
  )
  return { caller: first.caller, purpose: PURPOSE, subjects }
}

function grantOf(partnerCode: string, accountKey: string) {
  return {
    accountKey,
    partnerCode,
    purpose: PURPOSE,
    tags: TAGS,
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
