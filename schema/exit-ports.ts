import { consentExitThings, countEndedConsents } from '../customers/exits/consent-exit-things.ts'
import { endConsentsTo } from '../customers/exits/end-consents-to.ts'
import { endMemberships } from '../ledger/exits/end-memberships.ts'
import { holdExitBalances, ledgerExitThings } from '../ledger/exits/exit-things.ts'
import type { ExitPorts } from '../partners/offboarding/exit-ports.ts'

/** What customers and ledger do when a partner leaves. */
export const exitPorts: ExitPorts = {
  endConsents: endConsentsTo,
  countEndedConsents,
  endMemberships,
  openThings: async (sql, exit) => ({
    ...(await ledgerExitThings(sql, exit)),
    ...(await consentExitThings(sql, exit.partner)),
  }),
  holdBalances: holdExitBalances,
}
