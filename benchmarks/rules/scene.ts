import { generateKeyPairSync } from 'node:crypto'
import type { Pool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { createAgreement } from '../../ledger/agreements/create-agreement.ts'
import { createProgramme } from '../../ledger/agreements/create-programme.ts'
import { publishTerms } from '../../ledger/agreements/publish-terms.ts'
import { createClient } from '../../partners/create-client.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { goLive } from '../../partners/go-live.ts'

export const PROGRAMME = 'spring'
export const MONTH = '2026-04'
const FROM = '2026-04-01T00:00:00+08:00'

/** Shares of commission, traffic and services: three rules, each with its own facts. */
export function termsOf(version: number, ratePpm: number): object {
  return {
    ...{ programme: PROGRAMME, version, effectiveFrom: FROM, asset: 'CNY/2', timeZone: 'Asia/Shanghai' },
    rules: [
      { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm, window: { days: 365 }, base: 'COMMISSION' },
      { kind: 'TRAFFIC_UNIT_FEE', feePerThousand: 1250, unit: 'CLICK' },
      {
        kind: 'SERVICE_OUTCOME',
        ratePpm: 150_000,
        scoreTiers: [
          { minScore: 0, ppm: 500_000 },
          { minScore: 80, ppm: 1_000_000 },
        ],
      },
    ],
    ...{ limits: { maxSharePpm: 500_000 }, holdback: { ppm: 100_000, periods: 3 }, minimumPayout: 5000 },
    ...{ clawbackDays: 90, disputeDays: 10, lookbackDays: 30, tax: { vatPpm: 60_000 } },
  }
}

/**
 * A month with so many facts: of ten one is a referral, six are revenue of the referred customers, three are traffic and
 * services in turn. The first partner has a tenth of them; the others share the rest evenly. Gives the first one's code.
 */
export async function makeScene(
  context: Context,
  pool: Pool,
  { facts, partners }: { readonly facts: number; readonly partners: number },
): Promise<string> {
  await createProgramme(context, { code: PROGRAMME, name: 'Spring', asset: 'CNY/2', timeZone: 'Asia/Shanghai' })
  await publishTerms(context, { programme: PROGRAMME, terms: termsOf(1, 200_000) })
  const members = await makeMembers(context, partners)
  const most = Math.floor(facts / 10)
  const each = Math.floor((facts - most) / (partners - 1))
  const counts = members.map((_, place) => (place === 0 ? most : each))
  await insertFacts(pool, members, counts)
  await pool`analyze`
  return codeOf(0)
}

const codeOf = (place: number): string => `partner-${String(place).padStart(4, '0')}`

async function makeMembers(context: Context, count: number): Promise<readonly string[]> {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256', use: 'sig' }
  const members: string[] = []
  for (let place = 0; place < count; place++) {
    const { id } = await createPartner(context, { code: codeOf(place), name: 'Harbour', kind: 'SCENARIO' })
    await createClient(context, { partner: id, name: 'Office', jwks: { keys: [key] }, scopes: ['contributions:write'] })
    await goLive(context, { partner: id })
    await createAgreement(context, { programme: PROGRAMME, partner: id, from: FROM })
    members.push(uuidOf(id))
  }
  return members
}

/** Facts as rows of their tables: what they were reported through is measured elsewhere. */
async function insertFacts(pool: Pool, members: readonly string[], counts: readonly number[]): Promise<void> {
  await pool`
    create temporary table plan as
    select m.partner, m.place, m.facts / 10 as customers, gen_random_uuid() as salt
    from unnest(${[...members]}::uuid[], ${counts.map(String)}::text[]::integer[]) with ordinality as m (partner, facts, place)`
  await pool`
    create temporary table referred as
    select p.partner, p.place, n, gen_random_uuid() as customer
    from plan p cross join lateral generate_series(1, p.customers) as n`
  await pool`insert into customers (id, account_key) select customer, customer::text from referred`
  await insertContributions(pool)
  await pool`
    insert into revenue_events (id, source, external_id, base, asset, amount, customer_id, occurred_at, category, market,
      fingerprint, record_id, recorded_at)
    select gen_random_uuid(), 'core', r.place || '-' || r.n || '-' || k, 'COMMISSION', 'CNY/2', 100 + (r.n * 37 + k * 1009) % 99991,
      r.customer, timestamptz '2026-04-02T00:00:00Z' + make_interval(secs => (r.n * 7919 + k * 300007) % 2400000),
      'FUND', 'CN', 'bench', gen_random_uuid(), now()
    from referred r cross join generate_series(1, 6) as k`
}

async function insertContributions(pool: Pool): Promise<void> {
  await pool`
    insert into contributions (id, partner_id, external_id, kind, subject, customer_id, occurred_at, quantity, status,
      fingerprint, record_id, recorded_at)
    select gen_random_uuid(), partner, 'r-' || n, 'REFERRAL', 's-' || n, customer,
      timestamptz '2026-04-01T00:00:00Z' + make_interval(secs => n % 80000), 1, 'CONFIRMED', 'bench', gen_random_uuid(), now()
    from referred`
  await pool`
    insert into contributions (id, partner_id, external_id, kind, occurred_at, quantity, unit, status, fingerprint, record_id,
      recorded_at)
    select gen_random_uuid(), partner, 't-' || n || '-' || k, 'TRAFFIC',
      timestamptz '2026-04-02T00:00:00Z' + make_interval(secs => (n * 131 + k) % 2400000), 1 + n % 997, 'CLICK', 'CONFIRMED',
      'bench', gen_random_uuid(), now()
    from referred cross join generate_series(1, 1 + n % 2) as k`
  await pool`
    insert into contributions (id, partner_id, external_id, kind, subject, customer_id, occurred_at, quantity, asset, amount,
      score, status, fingerprint, record_id, recorded_at)
    select gen_random_uuid(), partner, 's-' || n || '-' || k, 'SERVICE_OUTCOME', 's-' || n, customer,
      timestamptz '2026-04-02T00:00:00Z' + make_interval(secs => (n * 131 + k) % 2400000), 1, 'CNY/2', 1000 + n % 9973, n % 101,
      'CONFIRMED', 'bench', gen_random_uuid(), now()
    from referred cross join generate_series(1, 2 - n % 2) as k`
}
