import { addDays } from '../../kernel/month.ts'
import type { Terms } from '../agreements/terms.ts'
import { windowFrom } from '../splits/window.ts'

/** The last that was reported while an agreement ran. */
export type LastReported = { readonly referral: Date | undefined; readonly any: Date | undefined }

/**
 * Until when an agreement may still earn by what was reported while it ran: the longest window that a referral can have opened,
 * and the longest time in which a conversion looks back; `NO_END` where the assets of a referred customer earn as long as they
 * grow. Nothing where nothing was reported. Source: RULES, introduction, §3 and §4.
 */
export function earningTail(
  { referral, any }: LastReported,
  terms: readonly Pick<Terms, 'rules' | 'lookbackDays'>[],
  timeZone: string,
): Date | 'NO_END' | undefined {
  const grows = terms.some(({ rules }) => rules.some(({ kind }) => kind === 'AUM_INCREMENT_TIERS'))
  if (grows && referral !== undefined) return 'NO_END'
  const ends = terms.flatMap(({ rules, lookbackDays }) =>
    rules.flatMap((rule): readonly Date[] => {
      if (rule.kind === 'REFERRAL_COMMISSION_SHARE') {
        return referral === undefined ? [] : [windowFrom(referral, rule.window, timeZone).to]
      }
      const attributed = rule.kind === 'DATA_CONVERSION' || rule.kind === 'POOL_SPLIT'
      return attributed && any !== undefined ? [addDays(any, lookbackDays)] : []
    }),
  )
  return ends.reduce<Date | undefined>((last, end) => (last === undefined || end > last ? end : last), undefined)
}
