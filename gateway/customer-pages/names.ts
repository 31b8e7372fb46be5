import type { SharedTag } from '../../customers/granularity.ts'
import { listPurposes } from '../../customers/list-purposes.ts'
import { listTags } from '../../customers/list-tags.ts'
import type { TagDefinition } from '../../customers/tag-definition.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { findPartner } from '../../partners/find-partner.ts'
import type { Partner } from '../../partners/partner.ts'
import type { Language } from '../consent-pages/language.ts'
import { wordsIn } from '../consent-pages/words-in.ts'

/** What things are called in the customer's language; what was retired keeps its key for a name. */
export type Names = {
  readonly partner: (id: Id<'ptr'>) => string
  readonly code: (id: Id<'ptr'>) => string | undefined
  readonly purpose: (key: string) => string
  readonly definition: (key: string) => TagDefinition | undefined
  readonly label: (key: string) => string
  /** Tags with how exactly each is shared. */
  readonly tags: (tags: readonly SharedTag[]) => string
}

/** Gathers the names that a page of these partners needs. */
export async function namesFor(context: Context, language: Language, partnerIds: readonly Id<'ptr'>[]): Promise<Names> {
  const [purposes, definitions, partners] = await Promise.all([
    listPurposes(context),
    listTags(context),
    Promise.all([...new Set(partnerIds)].map((id) => findPartner(context, id))),
  ])
  const byId = new Map<string, Partner>(partners.flatMap((one) => (one === undefined ? [] : [[one.id, one]])))
  const definition = (key: string) => definitions.find((one) => one.key === key)
  const label = (key: string) => {
    const found = definition(key)
    return found === undefined ? key : language === 'en' ? found.labelEn : found.labelZh
  }
  const { granularity: exactness } = wordsIn(language)
  return {
    partner: (id) => byId.get(id)?.name ?? id,
    code: (id) => byId.get(id)?.code,
    purpose: (key) => {
      const found = purposes.find((one) => one.key === key)
      return found === undefined ? key : language === 'en' ? found.nameEn : found.nameZh
    },
    definition,
    label,
    tags: (tags) => tags.map(({ key, granularity }) => `${label(key)} (${exactness[granularity]})`).join(', '),
  }
}

/** A day as people write it. */
export function dayOf(at: Date, language: Language): string {
  return at.toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' })
}

/** A time to the second as people write it, in UTC. */
export function timeOf(at: Date, language: Language): string {
  return at.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC', hourCycle: 'h23' })
}
