import type { Reader } from '../../database/client.ts'
import { translateDatabaseError } from '../../database/constraint-faults.ts'
import type { Context } from '../../database/context.ts'
import { idOf, newId, uuidOf } from '../../kernel/ids.ts'
import type { CustomerView } from '../customer-view.ts'
import { countedUses } from '../supply/store/tag-uses.ts'
import type { Ask } from '../tag-read.ts'
import { openerOf, openTags } from './kept-values.ts'
import { masksOf, viewTags } from './masked-tags.ts'
import { type AnswerRow, answerRows, consentThatCounts, duties, sharedTags, withinLimits } from './shared-tags.ts'

/**
 * Reads tags for many asks, of any partners, in ONE statement at one snapshot: it joins the partner's duties, the subject,
 * the consent and the tags, counts what has a limit, writes a disclosure for each ask, hit or miss, and returns the values.
 * What may not be read never leaves the database. When a disclosure cannot be written, the statement fails and there is no answer.
 * Values are opened, and made as coarse as the consent says, before they leave this folder.
 */
export async function readTags(context: Context, asks: readonly Ask[]): Promise<readonly (CustomerView | null)[]> {
  const rows = await runStatement(context.database.disclosures, asks)
  const byOrdinal = new Map(rows.map((row) => [row.ordinal, row]))
  const masks = masksOf(byOrdinal.get(0)?.definitions)
  const open = openerOf(context, byOrdinal.get(0)?.keys)
  return asks.map(({ subject, purpose, tags }, index) => {
    const row = byOrdinal.get(index + 1)
    if (!row) return null
    const consentId = idOf('cns', row.consent_id)
    const opened = openTags(open, idOf('cus', row.customer_id), row.tags)
    return { subject, purpose, consentId, expiresAt: row.expires_at, tags: viewTags(masks, opened, tags) }
  })
}

/** Asks travel as one JSON text: the planner expects as many rows of it whatever its length, and so keeps its plan. */
async function runStatement(sql: Reader, asks: readonly Ask[]): Promise<readonly AnswerRow[]> {
  try {
    return await sql<AnswerRow[]>`
      with found as (
        select a.*, s.customer_id, g.consent_id, g.expires_at, g.limited, r.names, r.tags, r.supplied
        from json_to_recordset(${JSON.stringify(asks.map(rowOf))}::json) as a (
          ordinal integer, id uuid, partner_id uuid, client_id uuid, request_id text, subject text, purpose text, asked jsonb)
        left join lateral (
          select k.customer_id from known_subjects k where k.subject = a.subject and k.partner_id = a.partner_id limit 1
        ) as s on true
        left join lateral (${duties(sql, sql`a.partner_id`)}) as d on true
        left join lateral (${consentThatCounts(sql, sql`a.partner_id`, sql`a.purpose`)}) as g on true
        left join lateral (${sharedTags(sql, sql`a.partner_id`, sql`a.asked`)}) as r on true
      ), ${withinLimits(sql)}, logged as (
        insert into disclosures
          (id, at, partner_id, client_id, customer_id, subject, purpose, consent_id, tags, outcome, request_id)
        select id, statement_timestamp(), partner_id, client_id, customer_id, subject, purpose,
               case when allowed then consent_id end, coalesce(given, '{}'),
               case when given is null then 'nothing' else 'disclosed' end, request_id
        from answered
      ), ${countedUses(sql, { disclosure: sql`id`, reader: sql`partner_id` })}
      ${answerRows(sql, sql`allowed`)}`
  } catch (error) {
    throw translateDatabaseError(error)
  }
}

/** An ask as the statement reads it. The disclosure's id is made here, since uuidv7() needs PostgreSQL 18. */
function rowOf({ partner, client, requestId, subject, purpose, tags }: Ask, index: number): object {
  return {
    ordinal: index + 1,
    id: uuidOf(newId('dis')),
    partner_id: uuidOf(partner),
    client_id: uuidOf(client),
    request_id: requestId,
    subject,
    purpose,
    asked: tags,
  }
}
