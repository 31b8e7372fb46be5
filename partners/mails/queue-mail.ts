import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { newId } from '../../kernel/ids.ts'
import type { Mail } from './mail.ts'
import { sealMail } from './seal-mail.ts'
import { insertMail } from './store/mails.ts'

/** Lets a mail wait, sealed, in the transaction that it follows from; after so many hours it is of no use to anybody. */
export async function queueMail(
  context: Context,
  tx: Transaction,
  { mail, hours }: { readonly mail: Mail; readonly hours: number },
): Promise<void> {
  const id = newId('eml')
  await insertMail(tx, { id, sealed: sealMail(context, id, mail), hours })
}
