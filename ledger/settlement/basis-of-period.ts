import type { Reader } from '../../database/client.ts'
import { fingerprintOf } from '../../kernel/digest.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Agreement } from '../agreements/agreement.ts'
import type { Programme } from '../agreements/programme.ts'
import { termsOfProgramme } from '../agreements/store/terms.ts'
import type { TermsVersion } from '../agreements/terms.ts'
import { type Members, membersUntil } from './members-until.ts'
import type { Period } from './period.ts'
import { type Balance, selectBalances } from './store/drafts.ts'

/** What decides a period beside its facts. */
export type Basis = {
  readonly terms: readonly TermsVersion[]
  readonly members: Members
  readonly balances: ReadonlyMap<Id<'agr'>, Balance>
}

/**
 * SHA-256 of what decides a period beside its facts: terms that have begun, who is a member and accrues, and what earlier
 * statements leave. A calculation with another basis than there is now would be another one. What happens after the
 * period's end is no part of it.
 */
export function basisOf({ terms, members, balances }: Basis, { endsAt }: Pick<Period, 'endsAt'>): string {
  const begun = terms.filter(({ effectiveFrom }) => effectiveFrom < endsAt)
  return fingerprintOf({
    terms: begun.map(({ version, hash }) => ({ version: BigInt(version), hash })),
    members: members.agreements.map((agreement) => memberOf(agreement, endsAt)),
    silent: [...members.silent].sort(),
    balances: [...balances]
      .map(([agreement, { closing, held, due, reserve }]) => ({
        ...{ agreement, closing, held, due },
        ...(reserve > 0n && { reserve }),
      }))
      .sort((a, b) => (a.agreement < b.agreement ? -1 : 1)),
  })
}

/** The basis that a period has now. */
export async function basisNow(sql: Reader, programme: Programme, period: Period): Promise<string> {
  const terms = await termsOfProgramme(sql, programme.id)
  const members = await membersUntil(sql, programme, period.endsAt)
  const balances = await selectBalances(sql, { programme: programme.id, month: period.month })
  return basisOf({ terms, members, balances }, period)
}

function memberOf({ id, startsAt, endsAt: end }: Agreement, endsAt: Date): { readonly [name: string]: string } {
  const until = end === undefined || end >= endsAt ? '' : end.toISOString()
  return { agreement: id, from: startsAt.toISOString(), until }
}
