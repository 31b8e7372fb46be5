import { z } from 'zod'

/** The mail server, with the secret in its address, and from whom mails come. */
export type MailConfig = { readonly url: string; readonly from: string }

/** Settings of mails. */
export const MAIL_SETTINGS = {
  TRIBUTARY_SMTP_URL: {
    schema: z.string().refine((text) => text === '' || isServer(text), {
      error: 'an address such as smtps://name:password@mail.example:465, or smtp:// with STARTTLS',
    }),
    fallback: '',
    about: 'mail server, with the secret in its address; mails are laid into a folder when empty',
  },
  TRIBUTARY_MAIL_FROM: {
    schema: z.union([z.literal(''), z.email('a mail address')]),
    fallback: '',
    about: 'from which address mails come; goes together with the mail server',
  },
} as const

type Read = (name: keyof typeof MAIL_SETTINGS) => string

/** The mail server, if there is one. */
export function mailFrom(read: Read): MailConfig | undefined {
  const [url, from] = [read('TRIBUTARY_SMTP_URL'), read('TRIBUTARY_MAIL_FROM')]
  return url === '' ? undefined : { url, from }
}

/** What of the two settings is amiss beside each other. */
export function mailFaults(read: Read): readonly string[] {
  const lone = (read('TRIBUTARY_SMTP_URL') === '') !== (read('TRIBUTARY_MAIL_FROM') === '')
  return lone ? ['TRIBUTARY_SMTP_URL and TRIBUTARY_MAIL_FROM go together'] : []
}

function isServer(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^smtps?:$/.test(url.protocol) && url.hostname !== '' && /^\/?$/.test(url.pathname)
}
