import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'

/** A partner as far as consents are concerned, and the database's time at which this was so. */
export type Recipient = {
  readonly partner: Id<'ptr'>
  readonly status: string
  /** Whether the partner may be given consents at all, and if so by made-up customers only. */
  readonly consents: boolean
  readonly syntheticOnly: boolean
  readonly now: Date
}

/** How a partner is named: by the code that people use, or by its id. */
export type RecipientName = { readonly code: string } | { readonly id: Id<'ptr'> }

/** The partner with a name, if there is one. */
export async function selectRecipient(sql: Reader, name: RecipientName): Promise<Recipient | undefined> {
  const named = 'code' in name ? sql`code = ${name.code}` : sql`partner_id = ${uuidOf(name.id)}`
  const [row] = await sql<
    { partner_id: string; status: string; consents: boolean; synthetic_only: boolean; now: Date }[]
  >`
    select partner_id, status, consents, synthetic_only, clock_timestamp() as now
    from partner_duties where ${named}`
  if (!row) return undefined
  const { partner_id, status, consents, synthetic_only, now } = row
  return { partner: idOf('ptr', partner_id), status, consents, syntheticOnly: synthetic_only, now }
}
