import type { Reader } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import { findMember } from '../agreements/store/agreements.ts'
import type { PointsAccount, PointsHolder } from './points-account.ts'
import { accountsOf, selectCustomer } from './store/points-accounts.ts'

/** Whose points: a customer's by the broker's account key, or a partner's by code or id. */
export type WhosePoints = { readonly accountKey: string } | { readonly partner: string }

/** Finds who is named. Throws `NOT_FOUND`, also for a customer who was erased, without repeating the key. */
export async function requireHolder(sql: Reader, whose: WhosePoints): Promise<PointsHolder> {
  if ('partner' in whose) {
    const member = await findMember(sql, whose.partner)
    if (member === undefined) throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'partner' })
    return { partner: member.partner, partnerCode: member.code }
  }
  const known = !whose.accountKey.includes('\u0000')
  const customer = known ? await selectCustomer(sql, whose.accountKey) : undefined
  if (customer === undefined) throw new Fault('NOT_FOUND', 'there is no customer with this account')
  return { customer }
}

/** The account of who is named; `undefined` for one who never had points. Throws the same. */
export async function findAccount(sql: Reader, whose: WhosePoints): Promise<PointsAccount | undefined> {
  const [account] = await accountsOf(sql, [await requireHolder(sql, whose)])
  return account
}
