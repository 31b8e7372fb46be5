import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Consent } from '../../customers/consent.ts'
import type { CustomerView } from '../../customers/customer-view.ts'
import { definePurposes } from '../../customers/define-purposes.ts'
import { defineTags } from '../../customers/define-tags.ts'
import { type GrantConsentInput, grantConsent } from '../../customers/grant-consent.ts'
import { importCustomers } from '../../customers/import-customers.ts'
import { readCustomers } from '../../customers/read-customers.ts'
import type { Pool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import type { Client } from '../../partners/client.ts'
import type { Partner } from '../../partners/partner.ts'
import type { ImportReport } from '../../records/import/import-spec.ts'
import { activeClient, livePartner, sandboxPartner } from '../partners/factories.ts'
import { addSealed } from './sealed-tags.ts'

const common = {
  labelZh: '标签',
  category: 'tests',
  sensitivity: 'NORMAL',
  legalBasis: 'Consent',
} as const

/** Tags of every granularity. */
export const TAGS = [
  {
    ...common,
    key: 'age',
    labelEn: 'Age',
    type: 'INTEGER',
    granularities: ['exact', 'band', 'flag'],
    bands: [{ upTo: '29', label: 'under 30' }, { upTo: '59', label: '30 to 59' }, { label: '60 and over' }],
    flag: { atLeast: '60' },
  },
  {
    ...common,
    key: 'assets',
    labelEn: 'Assets',
    type: 'DECIMAL',
    unit: 'EUR',
    sensitivity: 'HIGH',
    granularities: ['band', 'flag'],
    bands: [
      { upTo: '-0.01', label: 'overdrawn' },
      { upTo: '9999.99', label: 'under 10000' },
      { label: '10000 and over' },
    ],
    flag: { atLeast: '10000' },
  },
  {
    ...common,
    key: 'risk_level',
    labelEn: 'Risk level',
    type: 'ENUM',
    values: ['C1', 'C2', 'C3', 'C4', 'C5'],
    granularities: ['exact', 'band', 'flag'],
    bands: [{ upTo: 'C2', label: 'cautious' }, { label: 'bold' }],
    flag: { in: ['C4', 'C5'] },
  },
  { ...common, key: 'has_loan', labelEn: 'Has a loan', type: 'BOOLEAN', granularities: ['exact'] },
]

export const PURPOSES = [
  {
    key: 'CREDIT',
    nameEn: 'Credit',
    nameZh: '信贷',
    description: 'To offer credit.',
    tagKeys: ['age', 'assets', 'risk_level', 'has_loan'],
  },
  { key: 'EDUCATION', nameEn: 'Courses', nameZh: '课程', description: 'To offer courses.', tagKeys: ['age'] },
]

/** Defines {@link TAGS} and {@link PURPOSES}. */
export async function defineCatalogue(context: Context): Promise<void> {
  await defineTags(context, TAGS)
  await definePurposes(context, PURPOSES)
}

let made = 0

/** A customer with some tags; returns the account key. */
export async function customer(
  owner: Pool,
  { synthetic = false, ...tags }: { readonly synthetic?: boolean; readonly [tag: string]: string | boolean } = {},
): Promise<string> {
  const accountKey = `account-${++made}`
  const entries = Object.entries({ age: '44', risk_level: 'C3', ...tags }).filter(([key]) => !SENSITIVE.has(key))
  await owner`
    with added as (
      insert into customers (id, account_key, synthetic) values (${randomUUID()}, ${accountKey}, ${synthetic}) returning id)
    insert into tags (customer_id, tag_key, value, source, observed_at)
    select added.id, t.key, t.value, 'tests', now()
    from added, unnest(${entries.map(([key]) => key)}::text[], ${entries.map(([, value]) => String(value))}::text[])
      as t (key, value)`
  const sensitive = Object.entries(tags).filter(([key]) => SENSITIVE.has(key))
  if (sensitive.length > 0) await addSealed(owner, accountKey, Object.fromEntries(sensitive) as Record<string, string>)
  return accountKey
}

const SENSITIVE = new Set<string>(TAGS.filter(({ sensitivity }) => sensitivity === 'HIGH').map(({ key }) => key))

/** A partner and who calls for it. */
export type Party = { readonly partner: Partner; readonly client: Client; readonly caller: PartnerCaller }

/** A live partner with a client that calls. */
export async function liveParty(context: Context): Promise<Party> {
  const { partner, client } = await livePartner(context)
  return { partner, client, caller: callerOf(partner, client) }
}

/** A partner in the sandbox with a client that calls. */
export async function sandboxParty(context: Context): Promise<Party> {
  const partner = await sandboxPartner(context, `sandbox-${++made}`)
  const client = await activeClient(context, partner.id)
  return { partner, client, caller: callerOf(partner, client) }
}

function callerOf(partner: Partner, client: Client): PartnerCaller {
  return {
    kind: 'partner',
    partner: partner.id,
    client: client.id,
    scopes: new Set(['customers:read']),
    requestId: `request-${++made}`,
  }
}

type Grant = Partial<Omit<GrantConsentInput, 'accountKey' | 'partnerCode'>>

/** A customer's consent to a partner: the exact age for CREDIT, for thirty days, unless told otherwise. */
export async function grant(
  context: Context,
  { partner }: { readonly partner: Partner },
  accountKey: string,
  grant: Grant = {},
): Promise<Consent> {
  return grantConsent(context, { ...grantInput(partner.code, accountKey), ...grant })
}

/** The input of such a consent, under a key of its own. */
export function grantInput(partnerCode: string, accountKey: string): GrantConsentInput {
  return {
    accountKey,
    partnerCode,
    purpose: 'CREDIT',
    tags: [{ key: 'age', granularity: 'exact' }],
    expiresAt: inDays(30),
    evidence: { locale: 'en', channel: 'app' },
    idempotencyKey: randomUUID(),
  }
}

/** A time by the machine's clock, which is the database's here: the tests' own clock has no say in consents. */
export function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000)
}

/** One read, of certain tags or of all there are. */
export async function read(
  context: Context,
  { caller }: { readonly caller: PartnerCaller },
  { subject, purpose = 'CREDIT' }: { readonly subject: string; readonly purpose?: string },
  tags?: readonly string[],
): Promise<CustomerView | null> {
  const [view] = await readCustomers(context, { caller, reads: [{ subject, purpose, tags }] })
  return view ?? null
}

/** What an answer says of each tag. */
export function valuesOf(view: CustomerView | null): Record<string, string | null> | null {
  return view && Object.fromEntries(view.tags.map(({ key, value }) => [key, value]))
}

/** The disclosures that are kept for a subject, in their order. */
export async function disclosuresOf(owner: Pool, subject: string): Promise<readonly Record<string, unknown>[]> {
  return owner`
    select partner_id, client_id, customer_id, purpose, consent_id, tags, outcome, request_id from disclosures
    where subject = ${subject} order by at, id`
}

/** Imports a file's text. */
export async function importText(
  context: Context,
  text: string,
  mapping: unknown,
  extension = 'csv',
): Promise<ImportReport> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-customers-'))
  try {
    const file = path.join(folder, `customers.${extension}`)
    await writeFile(file, text)
    return await importCustomers(context, { file, mapping })
  } finally {
    await rm(folder, { recursive: true })
  }
}
