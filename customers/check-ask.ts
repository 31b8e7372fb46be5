import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { addCalendarMonths } from '../kernel/month.ts'
import { CLOCK_TOLERANCE_MINUTES, LONGEST_CONSENT_MONTHS } from './consent.ts'
import { writeSharedTag } from './granularity.ts'
import { listPurposes } from './list-purposes.ts'
import { listTags } from './list-tags.ts'
import { refuseUnpermitted, type Wished } from './refuse-unpermitted.ts'

/** What a partner would ask a customer for. */
export type Ask = Wished & { readonly expiresAt: Date }

/**
 * Lets through what a partner may ask for: the tags are in the purpose's catalogue, each at a granularity that it may be
 * shared in, within the partner's agreements and capabilities, until a time to come that is not too far. Throws
 * `INVALID_INPUT` with the first field that is wrong. Whether the customer may grant it is decided when they do.
 */
export async function checkAsk(context: Context, { partner, purpose: key, tags, expiresAt }: Ask): Promise<void> {
  const [purposes, definitions] = await Promise.all([listPurposes(context), listTags(context)])
  const purpose = purposes.find((one) => one.key === key)
  if (purpose === undefined) throw refuse('purpose', 'there is no such purpose')
  tags.forEach((tag, index) => {
    const definition = definitions.find((one) => one.key === tag.key && purpose.tagKeys.includes(one.key))
    if (definition === undefined) throw refuse(`tags.${index}`, `tag ${tag.key} may not be asked for this purpose`)
    if (definition.granularities.includes(tag.granularity)) return
    throw refuse(`tags.${index}`, `${writeSharedTag(tag)} may not be asked: the tag is not shared so finely`)
  })
  await refuseUnpermitted(context.database.reads, { partner, purpose: key, tags })
  const now = context.clock.now()
  if (expiresAt <= now) throw refuse('expires', 'a consent ends in the future')
  const latest = addCalendarMonths(now, LONGEST_CONSENT_MONTHS, 'utc').getTime() + CLOCK_TOLERANCE_MINUTES * 60_000
  if (expiresAt.getTime() > latest) throw refuse('expires', `a consent lasts at most ${LONGEST_CONSENT_MONTHS} months`)
}

function refuse(field: string, why: string): Fault {
  return new Fault('INVALID_INPUT', `${field}: ${why}`, { field })
}
