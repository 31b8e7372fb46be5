import { median } from './robust.ts'
import type { Alarm } from './sign.ts'

/** Below this share of a day's reads misses are ordinary, whoever the partner is. */
const ORDINARY_SHARE = 0.3
/** Above this share they never are. */
const LARGEST_SHARE = 0.9
const LEAST_DAYS = 3

/** Reads of a day that got nothing (subjects that are not the partner's, tags without consent) against its usual share. */
export const missSigns: Alarm = ({ today, past }, { dayMisses, factor }) => {
  const shares = past.map(({ misses, reads }) => misses / reads)
  const usual = shares.length < LEAST_DAYS ? 0 : median(shares)
  const share = Math.min(LARGEST_SHARE, Math.max(ORDINARY_SHARE, factor * usual))
  return [
    {
      kind: 'MANY_MISSES',
      span: 'DAY',
      measured: today.misses,
      expected: usual * today.reads,
      allowed: Math.max(dayMisses, share * today.reads),
    },
  ]
}
