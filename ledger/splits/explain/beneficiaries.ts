import type { ReferralPoints } from '../../agreements/terms.ts'

/** Whom points are given to. */
export const BENEFICIARIES: Readonly<
  Record<ReferralPoints['beneficiary'], readonly [english: string, chinese: string]>
> = {
  REFERRER: ['the referrer', '推荐人'],
  REFERRED: ['the referred', '被推荐人'],
  BOTH: ['referrer and referred each', '推荐人与被推荐人各'],
  PARTNER: ['the partner', '伙伴'],
}
