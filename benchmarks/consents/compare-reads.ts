import { readCustomers } from '../../customers/read-customers.ts'
import type { Context } from '../../database/context.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { mapBounded } from '../../kernel/map-bounded.ts'
import { type BenchResult, compare, measure } from '../harness.ts'
import { median } from '../ledger/median.ts'
import type { Party } from './population.ts'

const READS = 20_000
/** Requests under way at once, as of many partners. */
const AT_ONCE = 128
const LEAST_SPEED = 2

/**
 * Reads of one customer each by many requests at once, ours (gathered into statements) beside the textbook's: look up the
 * consent, look up the tags, write down that they were read.
 */
export async function compareReads(context: Context, party: Party, rounds: number): Promise<BenchResult> {
  const [ours, textbook]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ours.push(await measure('reads, ours', () => readMany(context, party)))
    textbook.push(await measure('reads, textbook', () => atOnce(context, party, textbookRead)))
  }
  return compare({
    name: `reads of one customer, ${AT_ONCE} at once`,
    ours: READS / median(ours),
    peer: READS / median(textbook),
    unit: 'reads/s (peer: textbook)',
    target: LEAST_SPEED,
    better: 'higher',
  })
}

/** Reads of one customer each by many requests at once; returns how many. */
export function readMany(context: Context, party: Party): Promise<number> {
  return atOnce(context, party, ourRead)
}

async function atOnce(context: Context, party: Party, readOne: typeof ourRead): Promise<number> {
  const read = Array.from({ length: READS }, (_, index) => party.subjects[index % party.subjects.length] ?? '')
  await mapBounded(read, AT_ONCE, (subject) => readOne(context, party, subject))
  return READS
}

async function ourRead(context: Context, { caller, purpose }: Party, subject: string): Promise<unknown> {
  return readCustomers(context, { caller, reads: [{ subject, purpose }] })
}

/** On the pool for reads, which has more connections than ours uses. */
async function textbookRead(
  { database: { reads } }: Context,
  { caller: { partner, client, requestId }, purpose }: Party,
  subject: string,
): Promise<unknown> {
  const [consent] = await reads<{ id: string; customer_id: string }[]>`
    select c.id, c.customer_id from subjects s
    join consents c on c.customer_id = s.customer_id and c.partner_id = s.partner_id
    where s.subject = ${subject} and s.partner_id = ${uuidOf(partner)} and c.purpose = ${purpose}
      and c.status = 'AUTHORISED' and c.expires_at > now()`
  if (consent === undefined) return undefined
  const tags = await reads<{ tag_key: string; granularity: string; value: string }[]>`
    select v.tag_key, t.granularity, v.value from consent_tags t
    join tags v on v.tag_key = t.tag_key and v.customer_id = ${consent.customer_id}
    where t.consent_id = ${consent.id}`
  await reads`
    insert into disclosures
      (id, at, partner_id, client_id, customer_id, subject, purpose, consent_id, tags, outcome, request_id)
    values (${uuidOf(newId('dis'))}, now(), ${uuidOf(partner)}, ${uuidOf(client)}, ${consent.customer_id}, ${subject},
            ${purpose}, ${consent.id}, ${tags.map(({ tag_key, granularity }) => `${tag_key}:${granularity}`)},
            'disclosed', ${requestId})`
  return tags
}
