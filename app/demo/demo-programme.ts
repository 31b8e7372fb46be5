import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { createAgreement } from '../../ledger/agreements/create-agreement.ts'
import { createProgramme } from '../../ledger/agreements/create-programme.ts'
import { findProgramme } from '../../ledger/agreements/find-programme.ts'
import { findTerms } from '../../ledger/agreements/find-terms.ts'
import { publishTerms } from '../../ledger/agreements/publish-terms.ts'
import type { DemoPartner } from './demo-partners.ts'
import { type DemoPlan, PROGRAMME } from './demo-plan.ts'

/** Referrals, courses, services, traffic, data that came before a commission, and points for referrals. */
const RULES = [
  { kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 200_000, window: { days: 90 }, base: 'COMMISSION' },
  { kind: 'COURSE_COMPLETION', ratePpm: 300_000, minimumCompletionPpm: 250_000 },
  {
    kind: 'SERVICE_OUTCOME',
    ratePpm: 100_000,
    scoreTiers: [
      { minScore: 60, ppm: 500_000 },
      { minScore: 80, ppm: 1_000_000 },
    ],
  },
  { kind: 'TRAFFIC_UNIT_FEE', feePerThousand: 1250, unit: 'CLICK', capPerPeriod: 500_000 },
  { kind: 'DATA_CONVERSION', ratePpm: 50_000, attribution: { model: 'LINEAR' } },
  {
    kind: 'REFERRAL_POINTS',
    pointsPerReferral: 100,
    bonus: [{ fromNth: 50, points: 200 }],
    valuePerHundredPoints: 50,
    expiresAfterDays: 365,
    beneficiary: 'BOTH',
  },
] as const

/** Opens the programme, publishes its terms and joins every live partner to it from the first month on. */
export async function loadProgramme(context: Context, plan: DemoPlan, partners: readonly DemoPartner[]): Promise<void> {
  const { code } = PROGRAMME
  if (!(await findProgramme(context, code))) await createProgramme(context, PROGRAMME)
  if (!(await findTerms(context, { programme: code })))
    await publishTerms(context, { programme: code, terms: termsFrom(plan) })
  for (const partner of partners.filter(({ live }) => live)) await join(context, partner.code, plan.from)
}

/** A tenth of what is earned is held for a month, and less than 100 yuan waits. */
function termsFrom({ from }: DemoPlan): object {
  return {
    programme: PROGRAMME.code,
    version: 1,
    effectiveFrom: from.toISOString(),
    asset: PROGRAMME.asset,
    timeZone: PROGRAMME.timeZone,
    rules: RULES,
    limits: { maxSharePpm: 500_000 },
    holdback: { ppm: 100_000, periods: 1 },
    minimumPayout: 10_000,
    clawbackDays: 90,
    disputeDays: 10,
    lookbackDays: 30,
    tax: { vatPpm: 60_000 },
  }
}

async function join(context: Context, partner: string, from: Date): Promise<void> {
  try {
    await createAgreement(context, { programme: PROGRAMME.code, partner, from })
  } catch (error) {
    // it joined before the demonstration was interrupted
    if (!(error instanceof Fault && error.code === 'OVERLAP')) throw error
  }
}
