import { createTransport } from 'nodemailer'
import type { SendMail } from '../partners/mails/mail.ts'
import type { MailConfig } from './config/mail-settings.ts'

/** So that a mail is sent, or has failed, before another process takes it. */
const LONGEST_MS = 10_000

/**
 * Hands each mail to a mail server by SMTP, on a connection of its own: over TLS from the start (`smtps:`), or from STARTTLS on,
 * which only a server on this machine may lack. Throws what the server or the network says.
 */
export function mailServer({ url, from }: MailConfig): SendMail {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !LOOPBACK.has(hostname),
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...{ connectionTimeout: LONGEST_MS, greetingTimeout: LONGEST_MS, socketTimeout: LONGEST_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  return async ({ to, subject, text }) => {
    await transport.sendMail({ from, to, subject, text })
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])
