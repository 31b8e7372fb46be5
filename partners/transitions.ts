import type { PartnerStatus } from './partner.ts'

/** Which status may follow which. A partner that was turned away or has left applies anew, under a code of its own. */
export const PARTNER_TRANSITIONS: Readonly<Record<PartnerStatus, readonly PartnerStatus[]>> = {
  APPLIED: ['ASSESSING', 'REJECTED'],
  ASSESSING: ['SANDBOX', 'REJECTED'],
  SANDBOX: ['LIVE', 'REJECTED'],
  LIVE: ['SUSPENDED', 'OFFBOARDING'],
  SUSPENDED: ['LIVE', 'OFFBOARDING'],
  OFFBOARDING: ['CLOSED'],
  CLOSED: [],
  REJECTED: [],
}

/** Whether a partner may go from one status to another. */
export function mayBecome(from: PartnerStatus, to: PartnerStatus): boolean {
  return PARTNER_TRANSITIONS[from].includes(to)
}
