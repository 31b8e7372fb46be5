import type { IRouter } from 'express'
import { receiptKeySet } from '../../customers/receipt-keys.ts'
import type { Context } from '../../database/context.ts'
import { MethodNotAllowed } from '../faults/method-not-allowed.ts'

const METHODS = ['GET', 'HEAD'] as const

/** `/consents/jwks.json`: the keys that verify receipts of consents, those of former times too (RFC 7517). */
export function mountReceiptKeys(router: IRouter, context: Context): void {
  router.all('/consents/jwks.json', async ({ method }, response) => {
    if (!METHODS.some((each) => each === method)) throw new MethodNotAllowed(METHODS)
    const keys = await receiptKeySet(context)
    response.set('cache-control', 'public, max-age=300').type('application/jwk-set+json').send(JSON.stringify(keys))
  })
}
