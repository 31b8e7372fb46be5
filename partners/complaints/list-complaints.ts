import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { parseUuidCursor } from '../../kernel/uuid-cursor.ts'
import { requirePartner } from '../store/partners.ts'
import type { Complaint, ComplaintStatus } from './complaint.ts'
import { type KnownPartner, selectComplainant, selectKnownPartners } from './store/complainants.ts'
import { type ComplaintFilter, selectComplaints } from './store/complaints.ts'

export type ListComplaintsInput = {
  /** Id or code; complaints about all when absent. */
  readonly partner?: string | null | undefined
  readonly status?: ComplaintStatus | null | undefined
  readonly page: PageInput
}

/** Complaints, the last received first. Throws `NOT_FOUND` for a partner that is none, and `INVALID_INPUT` for such a page. */
export async function listComplaints(
  context: Context,
  { partner: named, status, page }: ListComplaintsInput,
): Promise<PageResult<Complaint>> {
  const partner = named == null ? undefined : (await requirePartner(context.database.reads, named)).id
  return pageOfComplaints(context, { partner, status: status ?? undefined }, page)
}

/** The signed-in customer's own complaints, the last received first. Throws `INVALID_INPUT` for a page that is none. */
export async function listOwnComplaints(
  context: Context,
  { accountKey }: { readonly accountKey: string },
  page: PageInput,
): Promise<PageResult<Complaint>> {
  const customer = await selectComplainant(context.database.reads, accountKey)
  if (customer === undefined) return { edges: [], hasNextPage: false, hasPreviousPage: false }
  return pageOfComplaints(context, { customer }, page)
}

/** The partners about which the signed-in customer may complain, by name. */
export async function listKnownPartners(
  { database }: Context,
  { accountKey }: { readonly accountKey: string },
): Promise<readonly KnownPartner[]> {
  return selectKnownPartners(database.reads, accountKey)
}

async function pageOfComplaints(
  context: Context,
  filter: ComplaintFilter,
  asked: PageInput,
): Promise<PageResult<Complaint>> {
  const page = parseUuidCursor(parsePage(asked, 1))
  const rows = await selectComplaints(context, context.database.reads, filter, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
