import { z } from 'zod'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { sha256Hex } from '../kernel/digest.ts'

const LONGEST_NOTICE = 20_000

/** What customers are told about a purpose before they agree to it, in each language. */
export type Notice = {
  /** From 1; a change of a text is a new version. */
  readonly version: number
  /** By language (BCP 47), e.g. `en` and `zh-CN`. */
  readonly texts: Readonly<Record<string, string>>
  /** Until when consents count that were given under earlier versions; absent where the change is no material one. */
  readonly earlierUntil: Date | undefined
}

const text = z
  .string()
  .trim()
  .min(1, 'it is empty')
  .max(LONGEST_NOTICE, `it has more than ${LONGEST_NOTICE} characters`)
  .refine((value) => value.isWellFormed() && !value.includes('\u0000'), 'it has characters that no text has')

/** A notice from outside. */
export const notice: z.ZodType<Notice> = z
  .strictObject({
    version: z.int().min(1).max(100_000),
    texts: z
      .record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'it is no language'), text)
      .refine((texts) => Object.keys(texts).length > 0, 'it has no text'),
    earlierUntil: z.iso
      .datetime({ offset: true })
      .transform((at) => new Date(at))
      .optional(),
  })
  .transform(({ earlierUntil, ...rest }) => ({ ...rest, earlierUntil }))

/** SHA-256 of a text in UTF-8, hexadecimal: what evidence and receipts name it by. */
export function hashOfText(shown: string): string {
  return sha256Hex(shown)
}

/** Whether two notices say the same. */
export function isSameNotice(a: Notice, b: Notice): boolean {
  return formOf(a) === formOf(b)
}

function formOf({ version, texts, earlierUntil }: Notice): string {
  return canonicalJson({ version: BigInt(version), texts, earlierUntil: earlierUntil?.toISOString() })
}
