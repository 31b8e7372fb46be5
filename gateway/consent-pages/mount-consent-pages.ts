import type { IRouter } from 'express'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import type { CurrentServer } from '../oauth/current-server.ts'
import {
  answer,
  beginSignIn,
  endSignIn,
  type PageParts,
  show,
  signInForDevelopment,
  signInForSandbox,
} from './answer-visit.ts'
import { languageOf } from './language.ts'
import { endingPage } from './message-pages.ts'
import { sendPage } from './page.ts'
import { STYLE, STYLE_PATH } from './style.ts'
import { type Visit, visited } from './visit.ts'

/** `/consent/…`: the pages on which a customer signs in and decides what a partner may see. They need no script. */
export function mountConsentPages(router: IRouter, server: CurrentServer, parts: PageParts): void {
  const { context, addresses } = parts
  const page = (work: (parts: PageParts, visit: Visit) => Promise<void>) =>
    visited(context, server, addresses.origin, (visit) => work(parts, visit))
  router.get(STYLE_PATH, (_request, response) => {
    response.type('css').set('cache-control', 'public, max-age=3600').send(STYLE)
  })
  router.get('/consent/signed-in', (request, response) => {
    const { search, searchParams } = new URL(request.originalUrl, addresses.origin)
    const [uid = ''] = (searchParams.get('state') ?? '').split('.')
    if (/^[A-Za-z0-9_-]{1,64}$/.test(uid)) return response.redirect(303, `/consent/${uid}/signed-in${search}`)
    sendPage(response, endingPage(languageOf(request.headers['accept-language']), 'failed'), 400)
  })
  router.route('/consent/:uid').get(page(show)).post(page(answer)).all(refuse('GET', 'POST'))
  router
    .route('/consent/:uid/sign-in')
    .get(page(beginSignIn))
    .post(page(signInForDevelopment))
    .all(refuse('GET', 'POST'))
  router.route('/consent/:uid/sandbox').post(page(signInForSandbox)).all(refuse('POST'))
  router.route('/consent/:uid/signed-in').get(page(endSignIn)).all(refuse('GET'))
}

function refuse(...methods: readonly string[]): () => never {
  return () => {
    throw new MethodNotAllowed(methods)
  }
}
