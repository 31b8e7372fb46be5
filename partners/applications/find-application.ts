import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import type { PartnerStatus } from '../partner.ts'
import { requirePartner } from '../store/partners.ts'
import type { Application } from './application.ts'
import { openContact } from './seal-contact.ts'
import { type KeptApplication, selectApplication, selectApplications } from './store/applications.ts'

/** The application of a partner (id or code), with its contact. Throws `NOT_FOUND`, also for one that never applied. */
export async function findApplication(context: Context, partner: string): Promise<Application> {
  const { reads } = context.database
  const { id, code } = await requirePartner(reads, partner)
  const kept = await selectApplication(reads, id)
  if (kept === undefined) throw new Fault('NOT_FOUND', `partner ${code} did not apply`, { field: 'partner' })
  return applicationOf(context, kept)
}

export type ListApplicationsInput = {
  /** Of partners that stand there; of all when absent. */
  readonly status?: PartnerStatus | null | undefined
  readonly page: PageInput
}

/** Applications, the last confirmed first, a page at a time. Throws `INVALID_INPUT` for a page that is none. */
export async function listApplications(
  context: Context,
  { status, page: asked }: ListApplicationsInput,
): Promise<PageResult<Application>> {
  const page = parsePage(asked, 1)
  const [from] = page.cursor ?? []
  if (from !== undefined && !isId('ptr', from)) throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
  const kept = await selectApplications(context.database.reads, { status: status ?? undefined, from }, page)
  const applications = kept.map((one) => applicationOf(context, one))
  return pageOf(page, applications, ({ partner }) => [partner])
}

function applicationOf(context: Context, { sealed, ...kept }: KeptApplication): Application {
  return { ...kept, contact: sealed && openContact(context, kept.id, sealed) }
}
