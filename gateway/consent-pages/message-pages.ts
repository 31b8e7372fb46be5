import { html } from './html.ts'
import type { Language } from './language.ts'
import type { Page } from './page.ts'
import { wordsIn } from './words-in.ts'

/** Where a person goes from a page that has nothing to decide: an address, and how the partner there is called. */
export type WayBack = { readonly address: string; readonly partner: string }

/** What became of a request. */
export type Ending = 'agreed' | 'refused' | 'lapsed' | 'answered' | 'failed'

/** Tells what became of a request, with the way back to the partner where it is known. What is over goes back by itself. */
export function endingPage(language: Language, ending: Ending, back?: WayBack): Page {
  const words = wordsIn(language)
  const said = {
    agreed: [words.agreedHeading, undefined],
    refused: [words.refusedHeading, undefined],
    lapsed: [words.lapsedHeading, words.lapsed],
    answered: [words.answeredHeading, words.answered],
    failed: [words.failedHeading, words.failed],
  } as const
  const [title, sentence] = said[ending]
  const goes = back !== undefined && (ending === 'agreed' || ending === 'refused')
  const link = back && html`<p><a class="button main" href="${back.address}">${words.backTo(back.partner)}</a></p>`
  const going = goes ? html`<p>${words.goingBack(back.partner)}</p>` : undefined
  const body = html`${sentence && html`<p>${sentence}</p>`}${going}${link}`
  return { language, title, body, ...(goes && { next: back.address }) }
}
