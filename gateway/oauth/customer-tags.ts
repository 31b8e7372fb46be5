import { z } from 'zod'
import { GRANULARITIES } from '../../customers/granularity.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { parseStrictJson } from '../../kernel/strict-json.ts'

/** The one type of authorization details that there is (RFC 9396): tags of a customer. */
export const CUSTOMER_TAGS = 'customer_tags'

const LONGEST_RETENTION_DAYS = 3650
const MOST_A_DAY = 1_000_000
const LONGEST_DETAILS = 20_000

const tag = z.strictObject({ key: lineOfText(63), granularity: z.enum(GRANULARITIES) })

const asked = z
  .strictObject({
    type: z.literal(CUSTOMER_TAGS),
    purpose: lineOfText(63),
    tags: z
      .array(tag)
      .min(1, 'at least one tag is asked for')
      .max(200)
      .refine((tags) => new Set(tags.map(({ key }) => key)).size === tags.length, 'a tag stands twice'),
    expires: z.iso.datetime({ offset: true, error: 'it is a time of RFC 3339, such as 2027-01-31T12:00:00Z' }),
    usage: z.enum(['recurring', 'once']).default('recurring'),
    maxPerDay: z.int().min(1).max(MOST_A_DAY).optional(),
    retentionDays: z.int().min(1).max(LONGEST_RETENTION_DAYS),
    // said by whoever is not here: the customer agrees to that by itself
    crossBorder: z.boolean().optional(),
    // what the partner itself calls the customer; it comes back if the customer lets it be joined to the subject
    reference: lineOfText(100).optional(),
  })
  .refine(({ usage, maxPerDay }) => usage === 'recurring' || maxPerDay === undefined, {
    error: 'what is used once has no number a day',
    path: ['maxPerDay'],
  })

const details = z.array(asked).length(1, 'one customer_tags at a time: a customer decides on one purpose')

/** What a partner asks a customer for, in the terms of its authorization request. */
export type TagsAsked = z.output<typeof asked>

/** What a customer granted of it, as the token response tells it. */
export type TagsGranted = TagsAsked & { readonly consent_id: string; readonly subject: string }

/**
 * Reads the parameter `authorization_details`. Throws `INVALID_INPUT` that names the first member at fault; what is not known
 * is a fault, and so is a member that stands twice.
 */
export function parseTagsAsked(parameter: string): TagsAsked {
  const content = parameter.length > LONGEST_DETAILS ? undefined : parseStrictJson(parameter)
  const [only] = parseWith(details, content, 'authorization_details')
  return parseWith(asked, only, 'authorization_details')
}
