import { type Html, html } from './html.ts'
import type { Language } from './language.ts'
import type { Page } from './page.ts'
import { wordsIn } from './words-in.ts'

/** What a sign-in page is about. */
export type SignInPage = {
  readonly language: Language
  readonly title: string
  readonly lead: string
  /** Address of what is signed in to; the sign-in is beneath it. */
  readonly address: string
  /** A form for a made-up sign-in, or nothing: then it is at the identity provider. */
  readonly development?: { readonly token: string } | undefined
  readonly problem?: string | undefined
}

/** The page before a customer is known: what for, and where to sign in. */
export function signInPage({ language, title, lead, address, development, problem }: SignInPage): Page {
  const words = wordsIn(language)
  const way =
    development === undefined
      ? html`<p><a class="button main" href="${address}/sign-in?lang=${language}">${words.signIn}</a></p>`
      : developmentForm(language, address, development.token)
  const body = html`${problem && html`<p role="alert">${problem}</p>`}<p>${lead}</p>
${way}`
  const other: Language = language === 'en' ? 'zh-CN' : 'en'
  return { language, title, body, translation: `${address}?lang=${other}` }
}

function developmentForm(language: Language, address: string, token: string): Html {
  const words = wordsIn(language)
  return html`<form method="post" action="${address}/sign-in"><input type="hidden" name="token" value="${token}">
<input type="hidden" name="lang" value="${language}"><p role="note">${words.developmentLead}</p>
<p><label for="account">${words.accountKey}</label><input id="account" name="account" type="text" required maxlength="128" autocomplete="off" autocapitalize="off" spellcheck="false"></p>
<p><button class="main">${words.signIn}</button></p></form>`
}
