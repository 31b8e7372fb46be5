import type { Transaction } from '../database/client.ts'
import { Fault } from '../kernel/fault.ts'
import { addCalendarMonths } from '../kernel/month.ts'
import { CLOCK_TOLERANCE_MINUTES, LONGEST_CONSENT_MONTHS } from './consent.ts'
import type { SharedTag } from './granularity.ts'
import type { Customer } from './store/customers.ts'
import { selectPurposes } from './store/purposes.ts'
import { type Recipient, selectRecipient } from './store/recipients.ts'
import { type KeptDefinition, selectDefinitions } from './store/tag-definitions.ts'

/** What a customer asks to grant. */
export type Grant = {
  readonly partnerCode: string
  readonly purpose: string
  readonly tags: readonly SharedTag[]
  readonly expiresAt: Date
}

/**
 * Lets through what a customer may grant and returns the partner, else throws the fault of the first rule that it breaks.
 * Time is the database's.
 */
export async function refuseUnfit(tx: Transaction, customer: Customer, grant: Grant): Promise<Recipient> {
  const recipient = await selectRecipient(tx, grant.partnerCode)
  if (!recipient) throw new Fault('NOT_FOUND', 'there is no partner with this code', { field: 'partnerCode' })
  refuseRecipient(recipient, customer)
  refuseExpiry(grant.expiresAt, recipient.now)
  const [purpose] = await selectPurposes(tx, [grant.purpose])
  if (!purpose) throw new Fault('NOT_FOUND', 'there is no such purpose', { field: 'purpose' })
  const keys = grant.tags.map(({ key }) => key)
  const definitions = new Map((await selectDefinitions(tx, keys)).map((definition) => [definition.key, definition]))
  grant.tags.forEach((tag, index) => {
    const problem = problemOf(tag, definitions.get(tag.key), purpose.tagKeys)
    if (problem !== undefined) throw new Fault('INVALID_INPUT', `tag ${tag.key} ${problem}`, { field: `tags.${index}` })
  })
  return recipient
}

function refuseRecipient({ status, consents, syntheticOnly }: Recipient, customer: Customer): void {
  if (!consents) throw new Fault('WRONG_STATE', `the partner is ${status}: it may not be given consents`)
  if (syntheticOnly && !customer.synthetic) {
    throw new Fault('WRONG_STATE', `the partner is ${status}: only synthetic customers may give it consents`)
  }
}

function refuseExpiry(expiresAt: Date, now: Date): void {
  const field = { field: 'expiresAt' }
  if (expiresAt <= now) throw new Fault('INVALID_INPUT', 'a consent ends in the future', field)
  const latest = addCalendarMonths(now, LONGEST_CONSENT_MONTHS, 'utc').getTime() + CLOCK_TOLERANCE_MINUTES * 60_000
  if (expiresAt.getTime() > latest) {
    throw new Fault('INVALID_INPUT', `a consent lasts at most ${LONGEST_CONSENT_MONTHS} months`, field)
  }
}

function problemOf(
  { key, granularity }: SharedTag,
  definition: KeptDefinition | undefined,
  catalogue: readonly string[],
): string | undefined {
  if (!definition || definition.retiredAt || !catalogue.includes(key)) return 'may not be asked for this purpose'
  return definition.granularities.includes(granularity) ? undefined : `may not be shared as ${granularity}`
}
