import { z } from 'zod'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { type Notice, notice } from './notice.ts'
import { TAG_KEY } from './tag-definition.ts'

/** Whether partners read under a purpose, or supply. */
export const DIRECTIONS = ['READ', 'SUPPLY'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** What a partner may ask data for, and the tags that may be asked for it. */
export type Purpose = {
  readonly key: string
  readonly nameEn: string
  readonly nameZh: string
  readonly description: string
  readonly tagKeys: readonly string[]
  readonly direction: Direction
}

/** A purpose as it is defined, with the notice that customers are shown, if there is one. */
export type DefinedPurpose = Purpose & { readonly notice?: Notice | undefined }

/** The form of a purpose's key. */
const PURPOSE_KEY = /^[A-Z][A-Z0-9_]{0,62}$/

const purpose = z.strictObject({
  key: z.string().regex(PURPOSE_KEY, 'a key has 1 to 63 of A-Z, 0-9 and _, and begins with a letter'),
  nameEn: lineOfText(100),
  nameZh: lineOfText(100),
  description: lineOfText(1000),
  tagKeys: z
    .array(z.string().regex(TAG_KEY, 'it is no key of a tag'))
    .min(1)
    .max(200)
    .refine((keys) => new Set(keys).size === keys.length, 'a tag stands twice'),
  direction: z.enum(DIRECTIONS).default('READ'),
  notice: notice.optional(),
})

const purposes = z.array(purpose).max(200)

/** Reads purposes from outside. Throws `INVALID_INPUT` that names the first field at fault. */
export function parsePurposes(content: unknown): readonly DefinedPurpose[] {
  return parseWith(purposes, content, 'purposes')
}
