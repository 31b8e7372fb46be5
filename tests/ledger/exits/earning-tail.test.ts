import { expect, test } from 'vitest'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import { earningTail } from '../../../ledger/exits/earning-tail.ts'
import { termsFor } from '../settlement/scene.ts'

const at = (text: string): Date => new Date(text)
const share = (window: object) => ({ kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 1, window, base: 'COMMISSION' })
const data = { kind: 'DATA_CONVERSION', ratePpm: 1, attribution: { model: 'LAST' } }
const traffic = { kind: 'TRAFFIC_UNIT_FEE', feePerThousand: 1, unit: 'CLICK' }
const termsOf = (...rules: readonly object[]) => parseTerms(termsFor('spring', { rules, lookbackDays: 20 }))

test('the longest window of a referral counts, and the look back of conversions of whatever was reported', () => {
  const last = { referral: at('2026-01-31T04:00:00Z'), any: at('2026-02-10T00:00:00Z') }
  const tail = (...rules: readonly object[]) =>
    (earningTail(last, [termsOf(...rules)], 'Asia/Shanghai') as Date | undefined)?.toISOString()
  expect(tail(share({ days: 10 }), share({ months: 1 }))).toBe('2026-02-28T04:00:00.000Z')
  expect(tail(share({ days: 10 }), data)).toBe('2026-03-02T00:00:00.000Z')
  expect(tail(traffic)).toBeUndefined()
  const grows = { kind: 'AUM_INCREMENT_TIERS', tiers: [{ ppm: 1 }], mode: 'GRADUATED' }
  expect(earningTail(last, [termsOf(grows)], 'Asia/Shanghai')).toBe('NO_END')
  expect(earningTail({ ...last, referral: undefined }, [termsOf(grows)], 'Asia/Shanghai')).toBeUndefined()
  const versions = [termsOf(share({ days: 400 })), termsOf(share({ days: 1 }))]
  expect(earningTail(last, versions, 'Asia/Shanghai')).toEqual(at('2027-03-07T04:00:00Z'))
  expect(earningTail({ referral: undefined, any: undefined }, versions, 'Asia/Shanghai')).toBeUndefined()
})
