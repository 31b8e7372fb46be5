import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

/** A partner as far as consents are concerned, and the database's time at which this was so. */
export type Recipient = {
  readonly partner: Id<'ptr'>
  readonly status: string
  /** Whether the partner may be given consents at all, and if so by made-up customers only. */
  readonly consents: boolean
  readonly syntheticOnly: boolean
  /** Where it is, if what it reads leaves the country. */
  readonly abroad: string | undefined
  readonly now: Date
}

/** How a partner is named: by the code that people use, or by its id. */
export type RecipientName = { readonly code: string } | { readonly id: Id<'ptr'> }

/** The partner with a name, if there is one. */
export async function selectRecipient(sql: Reader, name: RecipientName): Promise<Recipient | undefined> {
  const named = 'code' in name ? sql`d.code = ${name.code}` : sql`d.partner_id = ${uuidOf(name.id)}`
  const [row] = await sql<
    {
      partner_id: string
      status: string
      consents: boolean
      synthetic_only: boolean
      abroad: string | null
      now: Date
    }[]
  >`
    select d.partner_id, d.status, d.consents, d.synthetic_only, clock_timestamp() as now,
           case when b.abroad then b.jurisdiction end as abroad
    from partner_duties d join partner_borders b on b.partner_id = d.partner_id where ${named}`
  if (!row) return undefined
  const { partner_id, synthetic_only: syntheticOnly, abroad, ...recipient } = row
  return { ...recipient, partner: idOf('ptr', partner_id), syntheticOnly, abroad: abroad ?? undefined }
}
