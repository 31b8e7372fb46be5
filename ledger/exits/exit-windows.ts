import type { Reader } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import { NOTHING_OPEN, type OpenThing } from '../../kernel/open-thing.ts'
import type { Agreement } from '../agreements/agreement.ts'
import { selectAgreements } from '../agreements/store/agreements.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import { termsOfProgramme } from '../agreements/store/terms.ts'
import { earningTail } from './earning-tail.ts'
import { selectLastReported, selectLockedUntil, selectRefundsUntil } from './store/exit-things.ts'

/** Months that are to be locked before nothing moves any more. */
export type ExitWindows = {
  /** Memberships whose last month is not locked. */
  readonly FINAL_PERIOD: OpenThing
  /** Those by which something may still be earned out of what was reported before. */
  readonly EARNING_WINDOW: OpenThing
  /** Those whose earnings a refund may still take back. */
  readonly REFUND_WINDOW: OpenThing
}

/** A partner has few agreements; whoever had more is looked at from the oldest on. */
const MOST_AGREEMENTS = 1000

/** Which months a partner's memberships wait for. An instant is waited for until the month in which it lies is locked. */
export async function exitWindows(sql: Reader, partner: Id<'ptr'>): Promise<ExitWindows> {
  const first = { cursor: undefined, direction: 'forward', limit: MOST_AGREEMENTS } as const
  const open: { readonly code: keyof ExitWindows; readonly agreement: Id<'agr'>; readonly until: Date | 'NO_END' }[] =
    []
  for (const agreement of (await selectAgreements(sql, { partner }, first)).filter(hasRun)) {
    const locked = await selectLockedUntil(sql, agreement.programme)
    for (const { code, until } of await awaitedOf(sql, agreement)) {
      if (until !== undefined && (until === 'NO_END' || locked === undefined || locked < until)) {
        open.push({ code, agreement: agreement.id, until })
      }
    }
  }
  const of = (code: keyof ExitWindows): OpenThing => {
    const some = open.filter((one) => one.code === code)
    if (some.length === 0) return NOTHING_OPEN
    const ends = some.flatMap((one) => (one.until === 'NO_END' ? [] : [one.until.getTime()]))
    const until = ends.length === some.length ? new Date(Math.max(...ends)) : undefined
    return { count: some.length, examples: some.slice(0, 10).map(({ agreement }) => agreement), until }
  }
  return {
    FINAL_PERIOD: of('FINAL_PERIOD'),
    EARNING_WINDOW: of('EARNING_WINDOW'),
    REFUND_WINDOW: of('REFUND_WINDOW'),
  }
}

/** Whether it runs at all: one that was ended before it began ends as it begins. */
function hasRun({ startsAt, endsAt }: Agreement): boolean {
  return endsAt === undefined || endsAt.getTime() - startsAt.getTime() > 1
}

async function awaitedOf(
  sql: Reader,
  agreement: Agreement,
): Promise<readonly { readonly code: keyof ExitWindows; readonly until: Date | 'NO_END' | undefined }[]> {
  const { timeZone } = await requireProgramme(sql, agreement.programme)
  const terms = (await termsOfProgramme(sql, agreement.programme)).map((version) => version.terms)
  return [
    { code: 'FINAL_PERIOD', until: agreement.endsAt },
    { code: 'EARNING_WINDOW', until: earningTail(await selectLastReported(sql, agreement), terms, timeZone) },
    { code: 'REFUND_WINDOW', until: await selectRefundsUntil(sql, agreement.id) },
  ]
}
