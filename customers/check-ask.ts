import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { addCalendarMonths } from '../kernel/month.ts'
import { CLOCK_TOLERANCE_MINUTES, LONGEST_CONSENT_MONTHS } from './consent.ts'
import { writeSharedTag } from './granularity.ts'
import { listPurposes } from './list-purposes.ts'
import { listTags } from './list-tags.ts'
import { refuseUnpermitted, type Wished } from './refuse-unpermitted.ts'
import { selectRecipient } from './store/recipients.ts'

/** What a partner would ask a customer for. */
export type Ask = Wished & { readonly expiresAt: Date; readonly crossBorder?: boolean | undefined }

/**
 * Lets through what a partner may ask for: the tags are in the purpose's catalogue, each at a granularity that it may be
 * shared in, within the partner's agreements and capabilities, until a time to come that is not too far; and it is said
 * whether the data leaves the country. Throws `INVALID_INPUT` with the first field that is wrong. Whether the customer may
 * grant it is decided when they do.
 */
export async function checkAsk(context: Context, ask: Ask): Promise<void> {
  const { partner, purpose: key, tags, expiresAt } = ask
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
  await checkBorder(context, ask)
  const now = context.clock.now()
  if (expiresAt <= now) throw refuse('expires', 'a consent ends in the future')
  const latest = addCalendarMonths(now, LONGEST_CONSENT_MONTHS, 'utc').getTime() + CLOCK_TOLERANCE_MINUTES * 60_000
  if (expiresAt.getTime() > latest) throw refuse('expires', `a consent lasts at most ${LONGEST_CONSENT_MONTHS} months`)
}

/** A customer is asked for it where it happens, and nowhere else: words about a border that nothing crosses confuse. */
async function checkBorder({ database }: Context, { partner, crossBorder = false }: Ask): Promise<void> {
  const abroad = (await selectRecipient(database.reads, { id: partner }))?.abroad
  if ((abroad !== undefined) === crossBorder) return
  if (abroad === undefined) throw refuse('crossBorder', 'the partner is here, and nothing crosses a border')
  throw refuse('crossBorder', `the partner is in ${abroad}: ask with crossBorder true`)
}

function refuse(field: string, why: string): Fault {
  return new Fault('INVALID_INPUT', `${field}: ${why}`, { field })
}
