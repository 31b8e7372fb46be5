import type { IRouter, Request } from 'express'
import { listProvided } from '../../catalog/list-provided.ts'
import { listAsks } from '../../customers/list-asks.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { nameOfJurisdiction } from '../../kernel/jurisdiction.ts'
import { listDirectory } from '../../partners/list-directory.ts'
import type { Partner } from '../../partners/partner.ts'
import { type Html, html } from '../consent-pages/html.ts'
import { type Language, languageOf } from '../consent-pages/language.ts'
import { type Page, sendPage } from '../consent-pages/page.ts'
import { MINE } from '../customer-pages/session.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import { limitAddresses } from '../limits/limit-addresses.ts'
import type { Quotas } from '../limits/quotas.ts'
import type { Proxies } from '../requests/proxies.ts'
import { DIRECTORY_WORDS } from './directory-words.ts'

/** Where the directory is. */
export const DIRECTORY_PATH = '/directory'
const PAGE = 25

/** `/directory`: the public face of the partners that are live, for anybody, without a script. */
export function mountDirectory(
  router: IRouter,
  context: Context,
  { quotas, proxies }: { readonly quotas: Quotas; readonly proxies: Proxies },
): void {
  router
    .route(DIRECTORY_PATH)
    .all(limitAddresses(quotas, proxies, 'pages'))
    .get(async (request, response) => {
      const language = languageOf(queryOf(request, 'lang'), request.headers['accept-language'])
      try {
        sendPage(response, await directoryPage(context, language, queryOf(request, 'after')))
      } catch (error) {
        if (!(error instanceof Fault && error.code === 'INVALID_INPUT')) throw error
        const { failedTitle: title, failed } = DIRECTORY_WORDS[language]
        sendPage(response, { language, title, body: html`<p role="alert">${failed}</p>` }, 400)
      }
    })
    .all(() => {
      throw new MethodNotAllowed(['GET'])
    })
}

async function directoryPage(context: Context, language: Language, after: string | undefined): Promise<Page> {
  const words = DIRECTORY_WORDS[language]
  const { edges, hasNextPage } = await listDirectory(context, { staff: false, page: { first: PAGE, after } })
  const partners = edges.map(({ node }) => node)
  const ids = partners.map(({ id }) => id)
  const [asks, provided] = await Promise.all([listAsks(context, ids), listProvided(context, ids)])
  const shown = partners.map((partner) => {
    const may = (asks.get(partner.id) ?? []).map(
      ({ nameEn, nameZh, categories }) =>
        html`<li>${language === 'en' ? nameEn : nameZh}: ${categories.join(', ')}</li>`,
    )
    const categories = (provided.get(partner.id) ?? []).map(({ category }) => category)
    return cardOf(partner, language, { may, categories })
  })
  const cursor = hasNextPage ? edges.at(-1)?.cursor : undefined
  const address = (more: Readonly<Record<string, string>>) => `${DIRECTORY_PATH}?${new URLSearchParams(more)}`
  const body = html`<p>${words.lead}</p>${shown.length === 0 ? html`<p class="soft">${words.nobody}</p>` : shown}
${cursor && html`<p><a href="${address({ after: cursor, lang: language })}">${words.more}</a></p>`}
<p><a href="${MINE}">${words.own}</a></p>`
  const other = { ...(after !== undefined && { after }), lang: language === 'en' ? 'zh-CN' : 'en' }
  return { language, title: words.title, body, translation: address(other) }
}

type Shown = { readonly may: readonly Html[]; readonly categories: readonly string[] }

function cardOf({ name, kind, jurisdiction }: Partner, language: Language, { may, categories }: Shown): Html {
  const words = DIRECTORY_WORDS[language]
  const provides =
    categories.length === 0 ? undefined : html`<dt>${words.products}</dt><dd>${categories.join(', ')}</dd>`
  return html`<section><h2>${name}</h2><dl><dt>${words.kind}</dt><dd>${words.kinds[kind]}</dd>
<dt>${words.where}</dt><dd>${nameOfJurisdiction(jurisdiction, language) ?? jurisdiction}</dd>
<dt>${words.asks}</dt><dd>${may.length === 0 ? words.asksNothing : html`<ul>${may}</ul>`}</dd>${provides}</dl></section>
`
}

function queryOf(request: Request, name: string): string | undefined {
  const text = request.query[name]
  return typeof text === 'string' ? text : undefined
}
