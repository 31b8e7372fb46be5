import { z } from 'zod'
import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText } from '../../records/parse-record-data.ts'
import type { ReferencePlace } from './seal-reference.ts'

/** A reference that was joined to a subject, or taken away from it, with the consent with which it was joined. */
export type ReferenceChange = ReferencePlace & { readonly consent: Id<'cns'> }

/** What a record of the kind 'reference' says in the clear; whose and which is for us alone. */
export const referenceData = z.object({
  event: z.enum(['LINKED', 'UNLINKED']),
  consent: idText('cns'),
  partner: idText('ptr'),
})

/** That a customer let a partner join its own reference to their subject. */
export function linkedRecord({ partner, customer, consent }: ReferenceChange, reference: string): NewRecord {
  const personal = { customer, data: { customer, reference } }
  const data = { v: '1', event: 'LINKED', consent, partner }
  return { kind: 'reference', data, personal, partner, actor: `customer:${consent}` }
}

/** That it is joined no more. */
export function unlinkedRecord({ partner, customer, consent }: ReferenceChange): NewRecord {
  const data = { v: '1', event: 'UNLINKED', consent, partner }
  return { kind: 'reference', data, personal: { customer, data: { customer } }, partner, actor: 'system:consents' }
}
