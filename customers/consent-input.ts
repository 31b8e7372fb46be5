import { z } from 'zod'
import { lineOfText } from '../kernel/parse.ts'
import { USAGES } from './consent.ts'
import { GRANULARITIES } from './granularity.ts'

/** Parts of what comes from outside about consents. */
export const accountKey = z.string().max(128)
export const consentId = z.string().max(100)
export const idempotencyKey = z.string()
export const purposeKey = lineOfText(63)
export const noticeVersion = z.int().min(0).max(100_000)

/** Whether the customer agreed, by itself, that the data leaves the country. */
export const crossBorder = z.boolean().optional()

export const sharedTags = z
  .array(z.strictObject({ key: lineOfText(63), granularity: z.enum(GRANULARITIES) }))
  .min(1, 'a consent covers at least one tag')
  .max(200)
  .refine((tags) => new Set(tags.map(({ key }) => key)).size === tags.length, 'a tag stands twice')

export const instant = z
  .union([z.date(), z.iso.datetime({ offset: true })])
  .refine((at) => typeof at === 'string' || !Number.isNaN(at.getTime()), 'it is no time')
  .transform((at) => new Date(at))

export const limits = {
  usage: z.enum(USAGES).default('RECURRING'),
  maxPerDay: z.int().min(1).max(1_000_000).optional(),
  retentionDays: z.int().min(1).max(3650).optional(),
}

export const evidence = z.strictObject({
  textHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'it is no SHA-256 in hexadecimal digits')
    .optional(),
  locale: lineOfText(35),
  channel: lineOfText(40),
  authentication: z
    .strictObject({
      acr: lineOfText(200).optional(),
      amr: z.array(lineOfText(50)).max(20).optional(),
      authTime: z.iso.datetime({ offset: true }).optional(),
    })
    .optional(),
})
