import type { Reader } from '../database/client.ts'
import { Fault } from '../kernel/fault.ts'
import { addCalendarMonths } from '../kernel/month.ts'
import { CLOCK_TOLERANCE_MINUTES, type Limits, LONGEST_CONSENT_MONTHS } from './consent.ts'
import type { SharedTag } from './granularity.ts'
import type { Direction, Purpose } from './purpose.ts'
import type { Customer } from './store/customers.ts'
import { selectCurrentNotice } from './store/notices.ts'
import { selectPurposes } from './store/purposes.ts'
import { type Recipient, type RecipientName, selectRecipient } from './store/recipients.ts'
import { type KeptDefinition, selectDefinitions } from './store/tag-definitions.ts'

/** What a partner asks for, or a customer gives. */
export type Asked = Limits & {
  readonly recipient: RecipientName
  readonly purpose: string
  readonly tags: readonly SharedTag[]
  readonly expiresAt: Date
  /** Whether it is said that the data may leave the country. */
  readonly crossBorder: boolean | undefined
}

/**
 * Lets through what a customer may be asked for and may give, and returns the partner, else throws the fault of the first
 * rule that it breaks. Time is the database's. Whose customer it is tells nothing yet when a partner asks.
 */
export async function refuseUnfit(sql: Reader, asked: Asked, customer?: Customer): Promise<Recipient> {
  const recipient = await selectRecipient(sql, asked.recipient)
  if (!recipient) throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'partnerCode' })
  refuseRecipient(recipient, customer)
  refuseBorder(recipient, asked)
  refuseExpiry(asked.expiresAt, recipient.now)
  const { direction } = await refuseBeyondCatalogue(sql, asked)
  refuseLimits(asked, direction)
  return recipient
}

function refuseRecipient({ status, consents, syntheticOnly }: Recipient, customer: Customer | undefined): void {
  if (!consents) throw new Fault('WRONG_STATE', `the partner is ${status}: it may not be given consents`)
  if (syntheticOnly && customer?.synthetic === false) {
    throw new Fault('WRONG_STATE', `the partner is ${status}: only synthetic customers may give it consents`)
  }
}

/** What leaves the country is agreed to by itself, beside everything else (PIPL Art. 39). */
function refuseBorder({ abroad }: Recipient, { crossBorder }: Asked): void {
  if (abroad === undefined || crossBorder === true) return
  const message = `the partner is in ${abroad}: that the data leaves the country must be agreed to by itself`
  throw new Fault('INVALID_INPUT', message, { field: 'crossBorder' })
}

function refuseExpiry(expiresAt: Date, now: Date): void {
  const field = { field: 'expiresAt' }
  if (expiresAt <= now) throw new Fault('INVALID_INPUT', 'a consent ends in the future', field)
  const latest = addCalendarMonths(now, LONGEST_CONSENT_MONTHS, 'utc').getTime() + CLOCK_TOLERANCE_MINUTES * 60_000
  if (expiresAt.getTime() > latest) {
    throw new Fault('INVALID_INPUT', `a consent lasts at most ${LONGEST_CONSENT_MONTHS} months`, field)
  }
}

/**
 * What may be asked at all: tags of the purpose's catalogue, at granularities that their definitions allow. What a partner's
 * agreements and capabilities allow of it is `refuse-unpermitted.ts`: what only makes a consent less is not held to that.
 */
async function refuseBeyondCatalogue(sql: Reader, { purpose: key, tags }: Asked): Promise<Purpose> {
  const [purpose] = await selectPurposes(sql, [key])
  if (!purpose) throw new Fault('NOT_FOUND', 'there is no such purpose', { field: 'purpose' })
  const keys = tags.map((tag) => tag.key)
  const definitions = new Map((await selectDefinitions(sql, keys)).map((definition) => [definition.key, definition]))
  tags.forEach((tag, index) => {
    const problem = problemOf(tag, definitions.get(tag.key), purpose.tagKeys)
    if (problem !== undefined) throw new Fault('INVALID_INPUT', `tag ${tag.key} ${problem}`, { field: `tags.${index}` })
  })
  return purpose
}

function problemOf(
  { key, granularity }: SharedTag,
  definition: KeptDefinition | undefined,
  catalogue: readonly string[],
): string | undefined {
  if (!definition || definition.retiredAt || !catalogue.includes(key)) return 'may not be asked for this purpose'
  return definition.granularities.includes(granularity) ? undefined : `may not be shared as ${granularity}`
}

/** Statements are looked at, and values supplied, as often as it takes, and nobody counts how often. */
function refuseLimits({ purpose, usage, maxPerDay }: Asked, direction: Direction): void {
  if (usage === 'ONCE' && maxPerDay !== undefined) {
    throw new Fault('INVALID_INPUT', 'what is used once has no limit for a day', { field: 'maxPerDay' })
  }
  const counted = purpose !== 'SETTLEMENT' && direction === 'READ'
  if (counted || (usage === 'RECURRING' && maxPerDay === undefined)) return
  throw new Fault('INVALID_INPUT', `a consent for ${purpose} is used as often as it takes`, { field: 'usage' })
}

/**
 * The notice under which a customer agrees: the one in force, 0 where there is none. Throws `INVALID_INPUT` when there is
 * one and none was named, and `NOTICE_CHANGED` when another one was shown.
 */
export async function noticeInForce(sql: Reader, purpose: string, shown: number | undefined): Promise<number> {
  const current = (await selectCurrentNotice(sql, purpose))?.version ?? 0
  if (shown === current || (shown === undefined && current === 0)) return current
  const field = { field: 'noticeVersion' }
  if (shown === undefined) {
    throw new Fault('INVALID_INPUT', 'the purpose has a notice: name the version that was shown', field)
  }
  throw new Fault('NOTICE_CHANGED', `the notice of ${purpose} is not the one that was shown: show it again`, field)
}
