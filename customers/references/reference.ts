import { z } from 'zod'

const LONGEST_REFERENCE = 128

/** Its digits say nothing, whatever they look like. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi

/** What people are known by elsewhere, and by which a reference would name them. */
const NAMES_SOMEBODY: readonly (readonly [looksLike: string, RegExp])[] = [
  ['an e-mail address', /[^\s@]@[^\s@]+\.[^\s@]/],
  ['a phone number', apart(String.raw`(?:\+|00)?(?:86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}`)],
  ['a phone number', apart(String.raw`(?:\+|00)[1-9]\d{0,2}(?:[- .()]*\d){6,12}`)],
  ['a phone number', apart(String.raw`\(?0\d{2,3}\)?[- ]?\d{7,8}`)],
  ['an id number', apart(String.raw`[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]`)],
  ['an id number', apart(String.raw`[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}`)],
  ['an id number', apart(String.raw`[A-Za-z]{1,2}\d{6}\([\dAa]\)`)],
  ['a passport number', apart(String.raw`[EeGgDdSsPpHhMm][A-Za-z]?\d{7,8}`)],
]

/**
 * A partner's own name for a customer: opaque, one line of 1 to 128 characters. What looks like a phone number, an e-mail
 * address or the number of a document is refused: a customer is known by no such thing (DESIGN §2).
 */
export const reference = z
  .string()
  .trim()
  .min(1, 'it is empty')
  .max(LONGEST_REFERENCE, `it has more than ${LONGEST_REFERENCE} characters`)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'it has characters that no line of text has')
  .superRefine((text, check) => {
    const named = text.replace(UUID, '')
    const [looksLike] = NAMES_SOMEBODY.find(([, form]) => form.test(named)) ?? []
    if (looksLike === undefined) return
    check.addIssue({ code: 'custom', message: `it looks like ${looksLike}: a reference names nobody by itself` })
  })

/** A form that stands by itself, with no letter or digit beside it. */
function apart(form: string): RegExp {
  return new RegExp(`(?<![0-9A-Za-z])${form}(?![0-9A-Za-z])`)
}
