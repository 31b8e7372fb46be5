import { Fault } from '../../kernel/fault.ts'
import type { ReportedContribution } from './parse-contribution.ts'

/** What reads of supplied tags are counted in. We count them ourselves: no partner reports traffic of this unit. */
export const TAG_USE_UNIT = 'TAG_USE'

const KEY_PREFIX = 'tag-uses:'

/** The key under which a day's reads of a tag are a contribution. */
export function tagUseKey(day: string, key: string): string {
  return `${KEY_PREFIX}${day}:${key}`
}

/** Keeps what we count ourselves from being reported. Throws `INVALID_INPUT` with the field. */
export function refuseTagUses({ unit, externalId }: Pick<ReportedContribution, 'unit' | 'externalId'>): void {
  const field = unit === TAG_USE_UNIT ? 'unit' : externalId.startsWith(KEY_PREFIX) ? 'externalId' : undefined
  if (field === undefined) return
  throw new Fault('INVALID_INPUT', `contribution: ${field}: reads of supplied tags are counted here`, { field })
}
