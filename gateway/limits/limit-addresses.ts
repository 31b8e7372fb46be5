import type { RequestHandler } from 'express'
import { languageOf } from '../consent-pages/language.ts'
import { endingPage } from '../consent-pages/message-pages.ts'
import { sendPage } from '../consent-pages/page.ts'
import { sendProblem } from '../faults/problem.ts'
import { clientAddress, type Proxies } from '../requests/proxies.ts'
import type { Quotas } from './quotas.ts'
import { Throttled } from './throttled.ts'

/** Holds addresses to their number of requests, at doors that anybody may knock at: for programs, in OAuth's own form too. */
export function limitAddresses(quotas: Quotas, proxies: Proxies, door: 'oauth' | 'pages'): RequestHandler {
  return async (request, response, next) => {
    try {
      await quotas.spendAddress(clientAddress(request, proxies))
    } catch (error) {
      if (!(error instanceof Throttled)) throw error
      if (door === 'oauth') {
        // RFC 6749 §4.1.2.1: the code that says to come back
        return sendProblem(response, error, { error: 'temporarily_unavailable', error_description: error.message })
      }
      response.set('retry-after', `${error.quota.waitSeconds}`)
      return sendPage(response, endingPage(languageOf(request.headers['accept-language']), 'failed'), 429)
    }
    next()
  }
}
