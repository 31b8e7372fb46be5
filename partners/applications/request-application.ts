import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { newId } from '../../kernel/ids.ts'
import { HOME_JURISDICTION, jurisdiction } from '../../kernel/jurisdiction.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { queueMail } from '../mails/queue-mail.ts'
import { PARTNER_KINDS } from '../partner.ts'
import { markOf, sealContact } from './seal-contact.ts'
import { keepRequest } from './store/applications.ts'

const requestApplicationInput = z.strictObject({
  name: lineOfText(200),
  kind: z.enum(PARTNER_KINDS),
  jurisdiction: jurisdiction.default(HOME_JURISDICTION),
  about: lineOfText(1000),
  contact: z.strictObject({ name: lineOfText(100), email: z.email('it is no mail address').max(254) }),
})

/** The language of the mail, and the address that its link begins with. */
export type ReplyTo = { readonly language: 'en' | 'zh-CN'; readonly verifyAt: string }

/** For how long the link is good, as the mail says. */
const LINK_HOURS = 24

/**
 * Takes an application in and lets the mail wait whose link shows that the address is the applicant's; there is none when that
 * address asked three times within a day, and the caller is told no difference. Throws `INVALID_INPUT`.
 */
export async function requestApplication(
  context: Context,
  input: unknown,
  { language, verifyAt }: ReplyTo,
): Promise<void> {
  const { contact, ...details } = parseWith(requestApplicationInput, input, 'application')
  const id = newId('app')
  const token = randomBytes(32).toString('base64url')
  const { subject, lead } = WORDS[language]
  const mail = { to: contact.email, subject, text: `${lead}\n\n${verifyAt}?token=${token}\n` }
  await context.database.transaction(async (tx) => {
    const kept = await keepRequest(tx, {
      ...{ id, details, contact: sealContact(context, id, contact), mark: markOf(context, contact.email) },
      tokenHash: hashOf(token),
    })
    if (kept) await queueMail(context, tx, { mail, hours: LINK_HOURS })
  })
}

/** What is kept of a link: whoever copies the database cannot follow it. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Nothing of what was typed in stands in a mail: nobody sends words of his own to others through us. */
const WORDS = {
  en: {
    subject: 'Confirm your application',
    lead: 'Somebody applied to become a partner with this address. If it was you, confirm it within 24 hours; else do nothing.',
  },
  'zh-CN': {
    subject: '请确认您的申请',
    lead: '有人使用此邮箱申请成为合作伙伴。若是您本人，请在 24 小时内确认；否则无需理会。',
  },
} as const
