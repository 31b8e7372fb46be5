import type { ContainmentPorts } from '../customers/incidents/containment-ports.ts'
import { revokeClients } from '../partners/containment/revoke-clients.ts'
import { suspendPartner } from '../partners/containment/suspend-partner.ts'

/** What stops partners at once; keys are the gateway's, whose worker goes on with them. */
export const partnerContainment: ContainmentPorts = { suspendPartner, revokeClients }
