import type { Context } from '../../database/context.ts'
import { type SandboxCustomer, sandboxPrefix } from './sandbox-account.ts'
import { selectSyntheticBeginning } from './store/sandbox.ts'

/** The synthetic customers that were made for a partner's sandbox, by its code, up to a hundred. */
export async function listSandboxCustomers(
  { database }: Context,
  partnerCode: string,
): Promise<readonly SandboxCustomer[]> {
  return selectSyntheticBeginning(database.reads, sandboxPrefix(partnerCode))
}
