/** Languages of the pages, as HTML names them. */
export const LANGUAGES = ['en', 'zh-CN'] as const
export type Language = (typeof LANGUAGES)[number]

/**
 * The first language that we have among wishes, the strongest first: what was chosen on the page, what the partner asked for
 * (`ui_locales`), what the browser accepts. Any Chinese is simplified Chinese here; without a match it is English.
 */
export function languageOf(...wishes: readonly (string | undefined)[]): Language {
  for (const wish of wishes) {
    const tags = (wish ?? '').toLowerCase().split(/[\s,]+/)
    for (const tag of tags) {
      if (/^zh\b/.test(tag)) return 'zh-CN'
      if (/^en\b/.test(tag)) return 'en'
    }
  }
  return 'en'
}
