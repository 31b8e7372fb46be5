import type { ConsentRequest } from '../../customers/consent-request.ts'
import { GRANULARITIES, type Granularity } from '../../customers/granularity.ts'
import { listPurposes } from '../../customers/list-purposes.ts'
import type { Flag } from '../../customers/masking.ts'
import type { OpenedRequest } from '../../customers/open-request.ts'
import { previewTags, type TagPreview } from '../../customers/preview-tags.ts'
import type { Direction } from '../../customers/purpose.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { HOME_JURISDICTION, nameOfJurisdiction } from '../../kernel/jurisdiction.ts'
import { addDays } from '../../kernel/month.ts'
import type { Partner } from '../../partners/partner.ts'
import type { Language } from './language.ts'
import type { Words } from './words.ts'
import { wordsIn } from './words-in.ts'

/** A granularity that may be chosen, and what it would reveal of this customer. */
export type Choice = { readonly granularity: Granularity; readonly reveals: string }

/** A tag that is asked for; the first choice is what was asked, the others are coarser. */
export type OfferedTag = { readonly key: string; readonly label: string; readonly choices: readonly Choice[] }

/** An end that may be chosen; `value` names it in the form. */
export type OfferedEnd = { readonly value: string; readonly text: string; readonly at: Date }

/** All that a customer is shown of a request, in one language. */
export type ConsentOffer = {
  readonly language: Language
  readonly partner: string
  readonly purpose: string
  /** Whether the partner would read, or supply. */
  readonly direction: Direction
  readonly notice: string
  /** Which notice that is; 0 where none was published and the purpose's description stands in its place. */
  readonly noticeVersion: number
  readonly howOften: string
  readonly kept: string
  readonly tags: readonly OfferedTag[]
  readonly ends: readonly OfferedEnd[]
  readonly replaces: boolean
  /** Where the data would go, if the partner is not here; agreed to by itself. */
  readonly abroad: string | undefined
  /** What the partner itself calls the customer; joined to what it is given if the customer lets it. */
  readonly reference: string | undefined
}

const SHORTER_DAYS = [1, 7, 30, 90, 180]
/** Value of the end that was asked for. */
const AS_ASKED = 'asked'

/** Puts together what the customer sees: names in their language, and what each granularity would reveal of them. */
export async function consentOffer(
  context: Context,
  shown: {
    readonly opened: OpenedRequest
    readonly customer: Id<'cus'>
    readonly partner: Pick<Partner, 'name' | 'jurisdiction'>
    readonly language: Language
    readonly reference: string | undefined
  },
): Promise<ConsentOffer> {
  const { opened, customer, partner, language, reference } = shown
  const { request, notice, current } = opened
  const keys = request.tags.map(({ key }) => key)
  const [purposes, previews] = await Promise.all([listPurposes(context), previewTags(context, { customer, keys })])
  const purpose = purposes.find(({ key }) => key === request.purpose)
  invariant(purpose, 'a purpose that was asked for is there')
  const { direction } = purpose
  const words = wordsIn(language, direction)
  return {
    language,
    partner: partner.name,
    purpose: language === 'en' ? purpose.nameEn : purpose.nameZh,
    direction,
    notice: notice?.texts[language] ?? notice?.texts['en'] ?? purpose.description,
    noticeVersion: notice?.version ?? 0,
    howOften: request.usage === 'ONCE' ? words.once : words.recurring(request.maxPerDay),
    kept: words.keptDays(request.retentionDays ?? 0),
    tags: request.tags.flatMap((tag) => {
      const preview = previews.find(({ definition }) => definition.key === tag.key)
      return preview === undefined
        ? []
        : [offeredTag(shownOf(preview, tag.granularity, direction), tag.granularity, { language, words })]
    }),
    ends: endsOf(request, language),
    replaces: current !== undefined,
    abroad: partner.jurisdiction === HOME_JURISDICTION ? undefined : placeOf(partner.jurisdiction, language),
    reference,
  }
}

function placeOf(jurisdiction: string, language: Language): string {
  return nameOfJurisdiction(jurisdiction, language) ?? jurisdiction
}

/** What a partner would supply is not known here yet, and is passed on as it is. */
function shownOf(preview: TagPreview, granularity: Granularity, direction: Direction): TagPreview {
  return direction === 'READ' ? preview : { ...preview, samples: [{ granularity, value: undefined }] }
}

function offeredTag(
  { definition, samples }: TagPreview,
  asked: Granularity,
  { language, words }: { readonly language: Language; readonly words: Words },
): OfferedTag {
  const finest = GRANULARITIES.indexOf(asked)
  const choices = samples
    .filter(({ granularity }) => GRANULARITIES.indexOf(granularity) >= finest)
    .map(({ granularity, value }) => ({ granularity, reveals: revealed(definition, granularity, value, words) }))
  return { key: definition.key, label: language === 'en' ? definition.labelEn : definition.labelZh, choices }
}

function revealed(
  { type, unit, flag }: TagPreview['definition'],
  granularity: Granularity,
  value: string | undefined,
  words: Words,
): string {
  if (value === undefined) return words.nothingKnown
  const answer = value === 'true' ? words.yes : words.no
  if (granularity === 'flag' && flag !== undefined) return `${conditionOf(flag, words)}: ${answer}`
  if (type === 'BOOLEAN') return answer
  return granularity === 'exact' && unit !== undefined ? `${value} ${unit}` : value
}

function conditionOf(flag: Flag, words: Words): string {
  return 'in' in flag ? words.oneOf(flag.in.join(', ')) : words.atLeast(flag.atLeast)
}

function endsOf({ requestedAt, expiresAt }: ConsentRequest, language: Language): readonly OfferedEnd[] {
  const words = wordsIn(language)
  const dateOf = (at: Date): string => at.toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' })
  const shorter = SHORTER_DAYS.map((days) => ({ days, at: addDays(requestedAt, days) }))
    .filter(({ at }) => at < expiresAt)
    .map(({ days, at }) => ({ value: String(days), text: words.forDays(days, dateOf(at)), at }))
  return [{ value: AS_ASKED, text: words.asAsked(dateOf(expiresAt)), at: expiresAt }, ...shorter.toReversed()]
}
