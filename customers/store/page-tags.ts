import type { Fragment } from 'postgres'
import type { Reader } from '../../database/client.ts'
import { translateDatabaseError } from '../../database/constraint-faults.ts'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { idOf, newId, uuidOf } from '../../kernel/ids.ts'
import type { Page } from '../../kernel/pages.ts'
import type { CustomerView } from '../customer-view.ts'
import { countedUses } from '../supply/store/tag-uses.ts'
import { openerOf, openTags } from './kept-values.ts'
import { masksOf, viewTags } from './masked-tags.ts'
import { type AnswerRow, answerRows, consentThatCounts, duties, sharedTags, withinLimits } from './shared-tags.ts'

/** What a partner pages through. */
export type PageAsk = { readonly caller: PartnerCaller; readonly purpose: string; readonly page: Page }

/**
 * A partner's consented customers for one purpose by subject, in ONE statement that also writes a disclosure for each row
 * of the page. It returns one row more when there are more: without tags, and to be dropped. A consent that another
 * statement used up at the same moment gives its row without tags.
 */
export async function pageTags(context: Context, { caller, purpose, page }: PageAsk): Promise<readonly CustomerView[]> {
  const rows = await runStatement(context.database.disclosures, { caller, purpose, page })
  const { definitions, keys } = rows.find(({ ordinal }) => ordinal === 0) ?? {}
  const masks = masksOf(definitions)
  const open = openerOf(context, keys)
  return rows
    .filter(({ ordinal }) => ordinal > 0)
    .toSorted((a, b) => a.ordinal - b.ordinal)
    .map(({ subject, customer_id, consent_id, expires_at, tags }) => ({
      subject,
      purpose,
      consentId: idOf('cns', consent_id),
      expiresAt: expires_at,
      tags: viewTags(masks, openTags(open, idOf('cus', customer_id), tags), undefined),
    }))
}

async function runStatement(sql: Reader, { caller, purpose, page }: PageAsk): Promise<readonly AnswerRow[]> {
  const { partner, client, requestId } = caller
  const ids = Array.from({ length: page.limit }, () => uuidOf(newId('dis')))
  const { beyond, order } = placeOf(sql, page)
  const consent = consentThatCounts(sql, sql`s.partner_id`, sql`${purpose}`)
  try {
    return await sql<AnswerRow[]>`
      with listed as (
        select s.subject, s.customer_id, g.consent_id, g.expires_at, g.limited, row_number() over (order by ${order})::integer as ordinal
        from subjects s
        cross join lateral (${duties(sql, sql`s.partner_id`)}) as d
        cross join lateral (${consent}) as g
        where s.partner_id = ${uuidOf(partner)} ${beyond}
        order by ${order} limit ${page.limit + 1}
      ), found as (
        select s.*, r.names, r.tags, r.supplied
        from listed as s
        cross join lateral (select s.consent_id where s.ordinal <= ${page.limit} limit 1) as g
        cross join lateral (${sharedTags(sql, sql`${uuidOf(partner)}::uuid`, sql`null::jsonb`)}) as r
        union all
        select s.*, null, null, null from listed as s where s.ordinal > ${page.limit}
      ), ${withinLimits(sql)}, logged as (
        insert into disclosures
          (id, at, partner_id, client_id, customer_id, subject, purpose, consent_id, tags, outcome, request_id)
        select (${ids}::text[]::uuid[])[ordinal], statement_timestamp(), ${uuidOf(partner)}, ${uuidOf(client)},
               customer_id, subject, ${purpose}, consent_id, coalesce(given, '{}'),
               case when given is null then 'nothing' else 'disclosed' end, ${requestId}
        from answered where ordinal <= ${page.limit}
      ), ${countedUses(sql, { disclosure: sql`(${ids}::text[]::uuid[])[ordinal]`, reader: sql`${uuidOf(partner)}::uuid` })}
      ${answerRows(sql, sql`true`)}`
  } catch (error) {
    throw translateDatabaseError(error)
  }
}

function placeOf(sql: Reader, { cursor, direction }: Page): { readonly beyond: Fragment; readonly order: Fragment } {
  const forward = direction === 'forward'
  const order = forward ? sql`s.subject asc` : sql`s.subject desc`
  const from = cursor?.[0]
  if (from === undefined) return { beyond: sql``, order }
  return { beyond: forward ? sql`and s.subject > ${from}` : sql`and s.subject < ${from}`, order }
}
