import type { Context } from '../../database/context.ts'
import { findCustomer } from '../find-customer.ts'
import type { NamedCustomer } from '../store/named-customers.ts'
import { sandboxPrefix } from './sandbox-account.ts'

/** The synthetic customer of a partner's sandbox with an account key; nobody for any other key. */
export async function findSandboxCustomer(
  context: Context,
  { partnerCode, accountKey }: { readonly partnerCode: string; readonly accountKey: string },
): Promise<NamedCustomer | undefined> {
  if (!accountKey.startsWith(sandboxPrefix(partnerCode))) return undefined
  const found = await findCustomer(context, { accountKey })
  return found?.synthetic === true ? found : undefined
}
