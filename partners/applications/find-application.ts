import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { requirePartner } from '../store/partners.ts'
import type { Application } from './application.ts'
import { openContact } from './seal-contact.ts'
import { type KeptApplication, selectApplications } from './store/applications.ts'

/** The application of a partner (id or code), with its contact. Throws `NOT_FOUND`, also for one that never applied. */
export async function findApplication(context: Context, partner: string): Promise<Application> {
  const { reads } = context.database
  const { id, code } = await requirePartner(reads, partner)
  const [kept] = await selectApplications(reads, id)
  if (kept === undefined) throw new Fault('NOT_FOUND', `partner ${code} did not apply`, { field: 'partner' })
  return applicationOf(context, kept)
}

/** Applications, the last first, up to a hundred. */
export async function listApplications(context: Context): Promise<readonly Application[]> {
  return (await selectApplications(context.database.reads)).map((kept) => applicationOf(context, kept))
}

function applicationOf(context: Context, { sealed, ...kept }: KeptApplication): Application {
  return { ...kept, contact: sealed && openContact(context, kept.id, sealed) }
}
