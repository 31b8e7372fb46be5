import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import type { Reader } from '../../../database/client.ts'
import { orm } from '../../../database/orm.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Contribution } from '../contribution.ts'
import { contributions } from '../tables.ts'

/** Up to one more than the page holds of a partner's contributions, in the page's direction, the last reported first. */
export async function selectContributions(
  sql: Reader,
  partner: Id<'ptr'>,
  { cursor, direction, limit }: Page,
): Promise<readonly Contribution[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const beyond = from === undefined ? undefined : (forward ? lt : gt)(contributions.id, from)
  const rows = await orm(sql)
    .select()
    .from(contributions)
    .where(and(eq(contributions.partnerId, uuidOf(partner)), beyond))
    .orderBy((forward ? desc : asc)(contributions.id))
    .limit(limit + 1)
  return rows.map(contributionOf)
}

function contributionOf(row: typeof contributions.$inferSelect): Contribution {
  const { id, partnerId, agreementId, asset, amount, productSource, productExternalId, recordId, ...rest } = row
  return {
    ...rest,
    id: idOf('ctr', id),
    partner: idOf('ptr', partnerId),
    record: idOf('rec', recordId),
    agreement: agreementId === null ? undefined : idOf('agr', agreementId),
    subject: rest.subject ?? undefined,
    lead: rest.lead ?? undefined,
    campaign: rest.campaign ?? undefined,
    market: rest.market ?? undefined,
    course: rest.course ?? undefined,
    units: rest.units ?? undefined,
    unit: rest.unit ?? undefined,
    score: rest.score ?? undefined,
    value: asset === null || amount === null ? undefined : { asset, minor: amount },
    product:
      productSource === null || productExternalId === null
        ? undefined
        : { source: productSource, externalId: productExternalId },
  }
}
