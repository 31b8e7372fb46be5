import type { Reader } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Agreement } from '../agreements/agreement.ts'
import type { Programme } from '../agreements/programme.ts'
import { agreementsOfProgramme } from '../agreements/store/agreements.ts'
import { selectAccruing } from './store/drafts.ts'

/** Who has a part in a period. */
export type Members = {
  /** Of members who accrue; by partner's code and start. */
  readonly agreements: readonly Agreement[]
  /** Codes of members who do not accrue in their status: no statement is made for them. */
  readonly notAccruing: readonly string[]
  /** Their agreements. */
  readonly silent: readonly Id<'agr'>[]
}

/** Agreements that had begun by the end of a period, of members who accrue; and the codes of those who do not. */
export async function membersUntil(sql: Reader, programme: Programme, endsAt: Date): Promise<Members> {
  const all = await agreementsOfProgramme(sql, programme.id)
  const begun = all.filter(({ startsAt }) => startsAt < endsAt)
  const accruing = await selectAccruing(
    sql,
    begun.map(({ partner }) => partner),
  )
  const silent = begun.filter(({ partner }) => !accruing.has(partner))
  return {
    agreements: begun.filter(({ partner }) => accruing.has(partner)),
    notAccruing: [...new Set(silent.map(({ partnerCode }) => partnerCode))],
    silent: silent.map(({ id }) => id),
  }
}
