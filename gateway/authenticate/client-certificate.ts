import { hash, X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { proxiesAt } from '../requests/proxies.ts'

/** Which header brings the certificate with which a client connected to a proxy, and which proxies may set it. */
export type CertificateSource = {
  /** Its value is `Client-Cert`'s of RFC 9440 (`:base64:`), or PEM that is percent-encoded. */
  readonly header: string
  /** Addresses, and networks such as 10.1.0.0/16. */
  readonly proxies: readonly string[]
}

const LONGEST_CERTIFICATE = 8192

const certificates = new WeakMap<IncomingMessage, X509Certificate>()

/**
 * Takes the certificate out of the header that a proxy of ours sets. The header is gone afterwards, whoever sent it: from
 * anywhere else it says nothing. Throws `CONFIG_INVALID` for a proxy that is no address.
 */
export function takeCertificate({ header, proxies }: CertificateSource): RequestHandler {
  const name = header.toLowerCase()
  const trusted = proxiesAt(proxies)
  return (request, _response, next) => {
    const value = request.headers[name]
    delete request.headers[name]
    const certificate =
      typeof value === 'string' && trusted.has(request.socket.remoteAddress ?? '') ? readCertificate(value) : undefined
    if (certificate !== undefined) certificates.set(request, certificate)
    next()
  }
}

/** The certificate with which whoever sent a request is known to hold its key; nothing unless a proxy of ours says so. */
export function certificateOf(request: IncomingMessage): X509Certificate | undefined {
  return certificates.get(request)
}

/** SHA-256 of a certificate, as `x5t#S256` has it (RFC 8705 §3.1). */
export function thumbprintOf(certificate: X509Certificate): string {
  return hash('sha256', certificate.raw, 'base64url')
}

/** What is no certificate, or is more than one, is none: whoever needs one refuses. */
function readCertificate(value: string): X509Certificate | undefined {
  if (value.length > LONGEST_CERTIFICATE) return undefined
  try {
    const [, der] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(value) ?? []
    return new X509Certificate(der === undefined ? onePem(decodeURIComponent(value)) : Buffer.from(der, 'base64'))
  } catch {
    return undefined
  }
}

function onePem(text: string): string {
  if (text.split('-----BEGIN CERTIFICATE-----').length === 2) return text
  throw new Error('it is not one certificate')
}
