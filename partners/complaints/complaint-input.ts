import { z } from 'zod'
import { lineOfText } from '../../kernel/parse.ts'
import { COMPLAINT_CATEGORIES, COMPLAINT_SEVERITIES } from './complaint.ts'

/** Parts of what comes from outside about complaints. */
export const complaintId = z.string().max(60)
export const accountKey = lineOfText(128)
export const partnerNamed = lineOfText(60)
export const category = z.enum(COMPLAINT_CATEGORIES)
export const severity = z.enum(COMPLAINT_SEVERITIES)
export const idempotencyKey = z.string()

/** What people write, in lines: 1 to 2,000 characters. */
export const paragraphs: z.ZodType<string, string> = z
  .string()
  .transform((text) => text.replace(/\r\n?/g, '\n').trim())
  .pipe(
    z
      .string()
      .min(1, 'it is empty')
      .max(2000, 'it has more than 2000 characters')
      .refine((text) => text.isWellFormed() && !/[^\P{Cc}\n\t]/u.test(text), 'it has characters that no text has'),
  )
