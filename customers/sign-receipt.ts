import { SignJWT } from 'jose'
import { RECEIPT_TYPE, receiptClaims } from './receipt-claims.ts'
import type { ReceiptKey } from './receipt-keys.ts'
import type { ConsentStep } from './store/consent-steps.ts'

/** The receipt for a step: a JWS (ES256) over its claims, under the address of this installation. */
export async function signReceipt({ kid, privateKey }: ReceiptKey, issuer: string, step: ConsentStep): Promise<string> {
  const header = { alg: 'ES256', kid, typ: RECEIPT_TYPE }
  return new SignJWT(receiptClaims(issuer, step)).setProtectedHeader(header).sign(privateKey)
}
