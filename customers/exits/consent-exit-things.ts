import type { Reader } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import type { OpenThing } from '../../kernel/open-thing.ts'
import { countEnded, findStandingTo, findUnattested } from './store/exits.ts'

/** What of customers' data is open at a partner that leaves, as the reader sees it. */
export async function consentExitThings(
  sql: Reader,
  partner: Id<'ptr'>,
): Promise<{ readonly CONSENTS: OpenThing; readonly DELETIONS: OpenThing }> {
  const { dueAt, ...unattested } = await findUnattested(sql, partner)
  return { CONSENTS: await findStandingTo(sql, partner), DELETIONS: { ...unattested, until: dueAt } }
}

/** How many consents to a partner have ended because it leaves. */
export async function countEndedConsents(sql: Reader, partner: Id<'ptr'>): Promise<number> {
  return countEnded(sql, partner)
}
