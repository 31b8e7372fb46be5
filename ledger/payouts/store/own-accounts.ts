import type { Reader } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Asset } from '../../../kernel/money.ts'

/** Throws `NOT_FOUND` unless we have an account with this code, and `ASSET_MISMATCH` when it is in another asset. */
export async function requireOwnAccount(sql: Reader, code: string, asset: Asset): Promise<void> {
  const [account] = await sql<{ asset: Asset }[]>`select o.asset from own_accounts o where o.code = ${code}`
  const named = JSON.stringify(code.slice(0, 60))
  if (account === undefined) {
    throw new Fault('NOT_FOUND', `there is no account of ours ${named}`, { field: 'ownAccount' })
  }
  if (account.asset !== asset) {
    const what = `our account ${named} is in ${account.asset}, not in ${asset}`
    throw new Fault('ASSET_MISMATCH', what, { field: 'ownAccount' })
  }
}
