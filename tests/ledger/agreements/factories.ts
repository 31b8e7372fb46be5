import type { Context } from '../../../database/context.ts'
import { createProgramme } from '../../../ledger/agreements/create-programme.ts'
import type { Programme } from '../../../ledger/agreements/programme.ts'

let made = 0

/** A programme of its own, in CNY and Shanghai's months. */
export async function someProgramme(context: Context, asset = 'CNY/2'): Promise<Programme> {
  const code = `programme-${++made}`
  return createProgramme(context, { code, name: 'Spring referrals', asset, timeZone: 'Asia/Shanghai' })
}

/** A rule as it comes from outside: 20 % of the commission for 90 days. */
export const REFERRAL_RULE = {
  kind: 'REFERRAL_COMMISSION_SHARE',
  ratePpm: 200_000,
  window: { days: 90 },
  base: 'COMMISSION',
}

/** A rule as it comes from outside: 100 points for a referral, to both customers. */
export const POINTS_RULE = {
  kind: 'REFERRAL_POINTS',
  pointsPerReferral: 100,
  valuePerHundredPoints: 50,
  expiresAfterDays: 365,
  beneficiary: 'BOTH',
}

/** Terms as they come from outside: version 1 of a programme, from 2026 on. */
export function termsInput(programme: string, changes: object = {}): object {
  return {
    programme,
    version: 1,
    effectiveFrom: '2026-01-01T00:00:00+08:00',
    asset: 'CNY/2',
    timeZone: 'Asia/Shanghai',
    rules: [REFERRAL_RULE],
    limits: {},
    holdback: { ppm: 100_000, periods: 2 },
    minimumPayout: '5000',
    clawbackDays: 180,
    disputeDays: 14,
    lookbackDays: 30,
    tax: {},
    ...changes,
  }
}
