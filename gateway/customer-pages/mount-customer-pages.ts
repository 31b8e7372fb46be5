import type { IRouter } from 'express'
import type { PageParts } from '../consent-pages/answer-visit.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'
import { change, narrow, switchOver } from './change-consent.ts'
import { sendComplaint, showComplaints, takeBack } from './complaints-page.ts'
import { endAll, showEnd } from './end-page.ts'
import { showList } from './list-page.ts'
import { showConsent } from './own-consent-page.ts'
import { beginSignIn, type Exchange, endSignIn, signInForDevelopment } from './own-sign-in.ts'
import { type OwnVisit, toAnybody, toCustomer } from './own-visit.ts'
import { showReads } from './reads-page.ts'
import { sendReceipt, showReceipt } from './receipt-page.ts'
import { MINE, signOut } from './session.ts'

/**
 * `/consent/mine…`: what a customer shares, who read it, and the forms that make it less. They need no script. They are mounted
 * before the pages of single requests, whose addresses begin in the same way.
 */
export function mountCustomerPages(router: IRouter, parts: PageParts): void {
  const anybody = (work: (parts: PageParts, exchange: Exchange) => Promise<void>) =>
    toAnybody(parts, (exchange) => work(parts, exchange))
  const own = (work: (visit: OwnVisit) => Promise<void>) => toCustomer(parts, work)
  const only = (...methods: readonly string[]) => toAnybody(parts, () => Promise.reject(new MethodNotAllowed(methods)))
  const shown = [
    ['', showList],
    ['/reads', showReads],
    ['/consents/:id/receipts/:record', showReceipt],
    ['/consents/:id/receipts/:record/file', sendReceipt],
  ] as const
  const sent = [
    ['/sign-out', leave],
    ['/recommendations', switchOver],
    ['/complaints/:id/withdraw', takeBack],
    ['/consents/:id/narrow', narrow],
    ['/consents/:id/:verb', change],
  ] as const
  router.route(`${MINE}/sign-in`).get(anybody(beginSignIn)).post(anybody(signInForDevelopment)).all(only('GET', 'POST'))
  router.route(`${MINE}/signed-in`).get(anybody(endSignIn)).all(only('GET'))
  router
    .route(`${MINE}/end`)
    .get(own((visit) => showEnd(visit)))
    .post(own(endAll))
    .all(only('GET', 'POST'))
  router
    .route(`${MINE}/complaints`)
    .get(own((visit) => showComplaints(visit)))
    .post(own(sendComplaint))
    .all(only('GET', 'POST'))
  router
    .route(`${MINE}/consents/:id`)
    .get(own((visit) => showConsent(visit)))
    .all(only('GET'))
  for (const [path, work] of shown) router.route(`${MINE}${path}`).get(own(work)).all(only('GET'))
  for (const [path, work] of sent) router.route(`${MINE}${path}`).post(own(work)).all(only('POST'))
}

async function leave({ parts, session, response }: OwnVisit): Promise<void> {
  await signOut(parts.context, response, session)
  response.redirect(303, MINE)
}
