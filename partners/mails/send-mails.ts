import type { Context } from '../../database/context.ts'
import type { SendMail } from './mail.ts'
import { openMail } from './seal-mail.ts'
import { deleteMail, deleteOver, leaseMails, type WaitingMail } from './store/mails.ts'

const MOST_AT_ONCE = 10

/**
 * Sends the mails that are due, a turn's worth; the network is awaited outside of any transaction. One that is sent is
 * forgotten; one that is not, or whose process ends, comes again after one minute, two, four, then each quarter of an hour,
 * until it is of no use any more. Returns how many were tried.
 */
export async function sendMails(context: Context, send: SendMail): Promise<number> {
  const { database, log } = context
  const over = await database.transaction(deleteOver)
  if (over > 0) log.error({ mails: over }, 'mails were given up: they could not be sent in time')
  const due = await database.transaction((tx) => leaseMails(tx, MOST_AT_ONCE))
  await Promise.all(due.map((mail) => sendOne(context, mail, send)))
  return due.length
}

async function sendOne(context: Context, { id, sealed, attempts }: WaitingMail, send: SendMail): Promise<void> {
  try {
    await send(openMail(context, id, sealed))
  } catch (error) {
    // the message of an error may hold the address
    const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown }
    context.log.warn({ mail: id, attempts, code, responseCode }, 'a mail was not sent, and is tried again')
    return
  }
  await context.database.transaction((tx) => deleteMail(tx, id))
}
