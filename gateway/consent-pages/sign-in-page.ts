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
  /** Beside the identity provider, a form for synthetic customers of a partner in the sandbox. */
  readonly sandbox?: { readonly token: string; readonly provider: boolean } | undefined
  readonly problem?: string | undefined
}

/** The page before a customer is known: what for, and where to sign in. */
export function signInPage({ language, title, lead, address, development, sandbox, problem }: SignInPage): Page {
  const words = wordsIn(language)
  const made = { language, action: `${address}/sign-in`, lead: words.developmentLead }
  const own = { language, action: `${address}/sandbox`, lead: words.sandboxLead }
  const provider = html`<p><a class="button main" href="${address}/sign-in?lang=${language}">${words.signIn}</a></p>`
  const elsewhere = sandbox?.provider === false ? undefined : provider
  const way = development === undefined ? elsewhere : accountForm(made, development.token)
  const body = html`${problem && html`<p role="alert">${problem}</p>`}<p>${lead}</p>
${way}${sandbox && accountForm(own, sandbox.token)}`
  const other: Language = language === 'en' ? 'zh-CN' : 'en'
  return { language, title, body, translation: `${address}?lang=${other}` }
}

type AccountForm = { readonly language: Language; readonly action: string; readonly lead: string }

function accountForm({ language, action, lead }: AccountForm, token: string): Html {
  const words = wordsIn(language)
  return html`<form method="post" action="${action}"><input type="hidden" name="token" value="${token}">
<input type="hidden" name="lang" value="${language}"><p role="note">${lead}</p>
<p><label for="account">${words.accountKey}</label><input id="account" name="account" type="text" required maxlength="128" autocomplete="off" autocapitalize="off" spellcheck="false"></p>
<p><button class="main">${words.signIn}</button></p></form>`
}
