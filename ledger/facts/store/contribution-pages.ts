import { and, asc, desc, eq, getTableColumns, gt, isNull, lt, ne, type SQL } from 'drizzle-orm'
import type { Reader } from '../../../database/client.ts'
import { orm } from '../../../database/orm.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { ContributionDecision } from '../confirmation.ts'
import type { Contribution } from '../contribution.ts'
import { contributionDecisions, contributions } from '../tables.ts'

/** Which contributions a list holds; absent means all. */
export type ContributionFilter = {
  readonly partner?: Id<'ptr'> | undefined
  /** Those alone that wait for a confirmation. */
  readonly undecided?: boolean | undefined
}

/** Up to one more than the page holds of contributions, in the page's direction, the last reported first. */
export async function selectContributions(
  sql: Reader,
  { partner, undecided }: ContributionFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly Contribution[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await joined(
    sql,
    and(
      from === undefined ? undefined : (forward ? lt : gt)(contributions.id, from),
      partner === undefined ? undefined : eq(contributions.partnerId, uuidOf(partner)),
      undecided === true ? waiting() : undefined,
    ),
  )
    .orderBy((forward ? desc : asc)(contributions.id))
    .limit(limit + 1)
  return rows.map(contributionOf)
}

/** The contribution with this id, or nothing. */
export async function selectContribution(sql: Reader, id: Id<'ctr'>): Promise<Contribution | undefined> {
  const [row] = await joined(sql, eq(contributions.id, uuidOf(id))).limit(1)
  return row && contributionOf(row)
}

function waiting(): SQL | undefined {
  return and(ne(contributions.confirmation, 'NONE'), eq(contributions.status, 'REPORTED'), isNull(decisions.decision))
}

const decisions = contributionDecisions

function joined(sql: Reader, where: SQL | undefined) {
  const columns = { ...getTableColumns(contributions), decided: getTableColumns(decisions) }
  return orm(sql)
    .select(columns)
    .from(contributions)
    .leftJoin(decisions, eq(decisions.contributionId, contributions.id))
    .where(where)
    .$dynamic()
}

type Row = typeof contributions.$inferSelect & { readonly decided: typeof decisions.$inferSelect | null }

function contributionOf({ decided, ...row }: Row): Contribution {
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
    decision: decided === null ? undefined : decisionOf(decided),
    value: asset === null || amount === null ? undefined : { asset, minor: amount },
    product:
      productSource === null || productExternalId === null
        ? undefined
        : { source: productSource, externalId: productExternalId },
  }
}

function decisionOf({ decision, reason, recordedAt, recordId }: typeof decisions.$inferSelect): ContributionDecision {
  return { decision, reason: reason ?? undefined, decidedAt: recordedAt, record: idOf('rec', recordId) }
}
