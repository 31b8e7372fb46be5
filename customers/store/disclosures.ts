import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { Page } from '../../kernel/pages.ts'
import type { Disclosure, DisclosureOutcome } from '../disclosure.ts'
import { readSharedTag } from '../granularity.ts'

/** A disclosure and its place in the order: the database's time with all its digits. */
export type PlacedDisclosure = Disclosure & { readonly place: string }

type DisclosureRow = {
  readonly id: string
  readonly at: Date
  readonly place: string
  readonly partner_id: string
  readonly purpose: string
  readonly consent_id: string | null
  readonly tags: readonly string[]
  readonly outcome: DisclosureOutcome
}

/** Up to one more than the page holds, the newest first. */
export async function selectDisclosures(
  sql: Reader,
  { customer, partner }: { readonly customer: Id<'cus'>; readonly partner: Id<'ptr'> | undefined },
  { cursor, direction, limit }: Page,
): Promise<readonly PlacedDisclosure[]> {
  const forward = direction === 'forward'
  const [at, id] = cursor ?? []
  // by way of text: the driver makes a Date of what is cast to timestamptz at once, and loses the microseconds
  const from = at === undefined || id === undefined ? undefined : sql`(${at}::text::timestamptz, ${id}::uuid)`
  const beyond = from === undefined ? sql`` : forward ? sql`and (at, id) < ${from}` : sql`and (at, id) > ${from}`
  const order = forward ? sql`at desc, id desc` : sql`at asc, id asc`
  const by = partner === undefined ? sql`` : sql`and partner_id = ${uuidOf(partner)}`
  const rows = await sql<DisclosureRow[]>`
    select id, at, at::text as place, partner_id, purpose, consent_id, tags, outcome from disclosures
    where customer_id = ${uuidOf(customer)} ${by} ${beyond}
    order by ${order} limit ${limit + 1}`
  return rows.map(disclosureOf)
}

function disclosureOf({ id, partner_id, consent_id, tags, ...row }: DisclosureRow): PlacedDisclosure {
  return {
    ...row,
    id: idOf('dis', id),
    partnerId: idOf('ptr', partner_id),
    consentId: consent_id === null ? undefined : idOf('cns', consent_id),
    tags: tags.flatMap((tag) => readSharedTag(tag) ?? []),
  }
}
