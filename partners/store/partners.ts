import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import type { Reader, Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../kernel/ids.ts'
import type { Page } from '../../kernel/pages.ts'
import { PARTNER_CODE, type Partner, type PartnerKind, type PartnerStatus } from '../partner.ts'
import { partners } from '../tables.ts'

type PartnerRow = typeof partners.$inferSelect

/** The partner with this id or code, as the statement sees it. */
export async function selectPartner(sql: Reader, idOrCode: string): Promise<Partner | undefined> {
  const isAnId = isId('ptr', idOrCode)
  if (!isAnId && !PARTNER_CODE.test(idOrCode)) return undefined
  const named = isAnId ? eq(partners.id, uuidOf(idOrCode)) : eq(partners.code, idOrCode)
  const [row] = await orm(sql).select().from(partners).where(named)
  return row && partnerOf(row)
}

/** The same; throws `NOT_FOUND` when there is none. */
export async function requirePartner(sql: Reader, idOrCode: string): Promise<Partner> {
  const partner = await selectPartner(sql, idOrCode)
  if (partner === undefined) {
    throw new Fault('NOT_FOUND', `there is no partner ${JSON.stringify(idOrCode.slice(0, 60))}`, { field: 'partner' })
  }
  return partner
}

/** Which partners a list holds; absent means all. */
export type PartnerFilter = {
  readonly status?: PartnerStatus | undefined
  readonly kind?: PartnerKind | undefined
  readonly synthetic?: boolean | undefined
}

/** Up to one more than the page holds, in the page's direction, by code. */
export async function selectPartners(
  sql: Reader,
  { cursor, direction, limit }: Page,
  { status, kind, synthetic }: PartnerFilter = {},
): Promise<readonly Partner[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const beyond = from === undefined ? undefined : (forward ? gt : lt)(partners.code, from)
  const order = (forward ? asc : desc)(partners.code)
  const rows = await orm(sql)
    .select()
    .from(partners)
    .where(
      and(
        beyond,
        status && eq(partners.status, status),
        kind && eq(partners.kind, kind),
        synthetic === undefined ? undefined : eq(partners.synthetic, synthetic),
      ),
    )
    .orderBy(order)
    .limit(limit + 1)
  return rows.map(partnerOf)
}

export async function insertPartner(tx: Transaction, partner: Partner): Promise<void> {
  await orm(tx)
    .insert(partners)
    .values({ ...partner, id: uuidOf(partner.id) })
}

/** Sets the status, if it is still the one that the caller has seen; says whether it was. */
export async function updateStatus(
  tx: Transaction,
  { id, from, to }: { readonly id: Id<'ptr'>; readonly from: PartnerStatus; readonly to: PartnerStatus },
): Promise<boolean> {
  const unchanged = and(eq(partners.id, uuidOf(id)), eq(partners.status, from))
  const rows = await orm(tx).update(partners).set({ status: to }).where(unchanged).returning({ id: partners.id })
  return rows.length === 1
}

/** Sets where it is, if it is still where the caller has seen it; says whether it was. */
export async function updateJurisdiction(
  tx: Transaction,
  { id, from, to }: { readonly id: Id<'ptr'>; readonly from: string; readonly to: string },
): Promise<boolean> {
  const unchanged = and(eq(partners.id, uuidOf(id)), eq(partners.jurisdiction, from))
  const rows = await orm(tx).update(partners).set({ jurisdiction: to }).where(unchanged).returning({ id: partners.id })
  return rows.length === 1
}

/** Holds the partner's status as it is until the transaction ends; others may hold it so too. */
export async function holdStatus(tx: Transaction, id: Id<'ptr'>): Promise<PartnerStatus> {
  const here = eq(partners.id, uuidOf(id))
  const [row] = await orm(tx).select({ status: partners.status }).from(partners).where(here).for('share')
  if (row === undefined) throw new Fault('NOT_FOUND', `there is no partner ${id}`)
  return row.status
}

/** A partner out of its row. */
export function partnerOf(row: PartnerRow): Partner {
  return { ...row, id: idOf('ptr', row.id) }
}
