import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Agreement } from './agreement.ts'
import { insertAgreement } from './store/agreements.ts'

type NewAgreement = Pick<Agreement, 'programme' | 'partner' | 'startsAt' | 'endsAt' | 'dataScope'> & {
  /** The proposal that the partner signed, where there is one: it stands in the record. */
  readonly proposal?: Id<'apr'>
}

/** Makes a membership, with its record. Throws `OVERLAP` when the partner is a member in a part of that time already. */
export async function appendAgreement(
  context: Context,
  tx: Transaction,
  { programme, partner, startsAt, endsAt, dataScope, proposal }: NewAgreement,
): Promise<Id<'agr'>> {
  const agreement = { id: newId('agr'), programme, partner, startsAt, endsAt, dataScope, status: 'ACTIVE' } as const
  const data = {
    event: 'CREATED',
    agreement: agreement.id,
    programme,
    partner,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString(),
    status: agreement.status,
    dataScope,
    proposal,
  }
  const [record] = await appendRecords(context, tx, [{ kind: 'agreement', data, partner }])
  invariant(record, 'a record was appended')
  await insertAgreement(tx, { ...agreement, record: record.id, createdAt: record.at })
  return agreement.id
}
