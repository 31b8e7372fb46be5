import { z } from 'zod'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { GRANULARITIES, type Granularity } from './granularity.ts'
import type { Band, Flag } from './masking.ts'
import { normalizeValue, rankOf, TAG_TYPES, type TagType, type ValueForm } from './tag-value.ts'

/** What the law asks of a kind of data: HIGH is what it protects specially. */
export const SENSITIVITIES = ['NORMAL', 'HIGH'] as const
export type Sensitivity = (typeof SENSITIVITIES)[number]

/** A fact about customers: what it means, and in which granularities it may be shared. */
export type TagDefinition = {
  readonly key: string
  readonly labelEn: string
  readonly labelZh: string
  readonly category: string
  readonly type: TagType
  /** An ENUM's values, in their order. */
  readonly values?: readonly string[] | undefined
  readonly unit?: string | undefined
  readonly sensitivity: Sensitivity
  /** Why the broker may hold it. */
  readonly legalBasis: string
  readonly granularities: readonly Granularity[]
  readonly bands?: readonly Band[] | undefined
  readonly flag?: Flag | undefined
  /** Codes of the partners of kind DATA that may supply its values; none when absent. */
  readonly suppliers?: readonly string[] | undefined
}

/** The form of a tag's key. */
export const TAG_KEY = /^[a-z][a-z0-9_]{0,62}$/

const value = lineOfText(500)
const unique = (items: readonly string[]): boolean => new Set(items).size === items.length

const tagDefinition = z
  .strictObject({
    key: z.string().regex(TAG_KEY, 'a key has 1 to 63 of a-z, 0-9 and _, and begins with a letter'),
    labelEn: lineOfText(100),
    labelZh: lineOfText(100),
    category: lineOfText(60),
    type: z.enum(TAG_TYPES),
    values: z.array(value).min(2).max(200).refine(unique, 'a value stands twice').optional(),
    unit: lineOfText(20).optional(),
    sensitivity: z.enum(SENSITIVITIES),
    legalBasis: lineOfText(200),
    granularities: z.array(z.enum(GRANULARITIES)).min(1).refine(unique, 'a granularity stands twice'),
    bands: z
      .array(z.strictObject({ upTo: value.optional(), label: value }))
      .min(2)
      .max(50)
      .optional(),
    suppliers: z.array(lineOfText(60)).min(1).max(50).refine(unique, 'a supplier stands twice').optional(),
    flag: z
      .union([z.strictObject({ atLeast: value }), z.strictObject({ in: z.array(value).min(1).max(200) })])
      .optional(),
  })
  .superRefine((definition, { addIssue }) => {
    for (const [field, message] of contradictions(definition)) addIssue({ code: 'custom', path: [field], message })
  })

const tagDefinitions = z.array(tagDefinition).max(500)

/** Reads definitions from outside. Throws `INVALID_INPUT` that names the first field at fault. */
export function parseTagDefinitions(content: unknown): readonly TagDefinition[] {
  return parseWith(tagDefinitions, content, 'tag definitions')
}

type Contradiction = readonly [field: string, message: string]

function contradictions(definition: z.infer<typeof tagDefinition>): readonly Contradiction[] {
  const { type, values, granularities, bands, flag } = definition
  const found: Contradiction[] = []
  if ((type === 'ENUM') !== (values !== undefined)) found.push(['values', 'an ENUM has values, and nothing else has'])
  if (granularities.includes('band') !== (bands !== undefined)) {
    found.push(['bands', 'bands go with the granularity band'])
  }
  if (granularities.includes('flag') !== (flag !== undefined))
    found.push(['flag', 'a flag goes with the granularity flag'])
  if (bands && !ascend({ type, values }, bands)) {
    found.push(['bands', 'bands ascend by values of the type, have a label each, and only the last one is open'])
  }
  if (bands && values && bands.length >= values.length) found.push(['bands', 'there are as many bands as values'])
  if (flag && !isCondition({ type, values }, flag)) found.push(['flag', 'the flag compares with no value of the type'])
  return found
}

function ascend(form: ValueForm, bands: readonly Band[]): boolean {
  const bounds = bands.slice(0, -1).map(({ upTo }) => (upTo === undefined ? undefined : rankOf(form, upTo)))
  const inOrder = bounds.every((bound, index) => {
    const before = bounds[index - 1]
    return bound !== undefined && (index === 0 || (before !== undefined && before < bound))
  })
  return inOrder && bands.at(-1)?.upTo === undefined && unique(bands.map(({ label }) => label))
}

function isCondition(form: ValueForm, flag: Flag): boolean {
  if ('in' in flag) return unique(flag.in) && flag.in.every((member) => normalizeValue(form, member) === member)
  return rankOf(form, flag.atLeast) !== undefined
}
