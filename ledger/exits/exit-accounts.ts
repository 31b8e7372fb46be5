import type { Reader } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import type { OpenThing } from '../../kernel/open-thing.ts'
import { CHART, type ChartName, chartAccount, isChartName } from '../journal/chart.ts'
import { totals } from '../journal/entry.ts'
import { selectBalances } from '../journal/store/balances.ts'
import { type AgreementBalance, selectAgreementBalances } from './store/agreement-balances.ts'

/** What an exit waits for on the accounts of a partner. */
export type ExitAccounts = {
  /** Held back of what was earned. */
  readonly HOLDBACK: OpenThing
  /** Carried to a next statement, for the partner. */
  readonly CARRIED: OpenThing
  /** Owed by the partner. */
  readonly RECEIVABLE: OpenThing
  /** All that stands on its accounts in the journal, whatever it is. */
  readonly ACCOUNTS: OpenThing
}

/** What stands on a partner's agreements and accounts. */
export async function exitAccounts(
  sql: Reader,
  { partner, code }: { readonly partner: Id<'ptr'>; readonly code: string },
): Promise<ExitAccounts> {
  const balances = await selectAgreementBalances(sql, partner)
  return {
    HOLDBACK: of(balances, ({ held }) => held),
    CARRIED: of(balances, ({ carried }) => (carried > 0n ? carried : 0n)),
    RECEIVABLE: of(balances, ({ carried }) => (carried < 0n ? -carried : 0n)),
    ACCOUNTS: await accountsOf(sql, code),
  }
}

function of(balances: readonly AgreementBalance[], part: (balance: AgreementBalance) => bigint): OpenThing {
  const some = balances
    .map((balance) => ({ agreement: balance.agreement, asset: balance.asset, minor: part(balance) }))
    .filter(({ minor }) => minor !== 0n)
  return {
    count: some.length,
    examples: some.slice(0, 10).map(({ agreement }) => agreement),
    amounts: [...totals(some)].map(([asset, minor]) => ({ asset, minor })),
  }
}

const PARTNER_ACCOUNTS: readonly ChartName[] = Object.keys(CHART)
  .filter(isChartName)
  .filter((name) => chartAccount(name).per === 'partner')

async function accountsOf(sql: Reader, code: string): Promise<OpenThing> {
  const standing = []
  for (const name of PARTNER_ACCOUNTS) standing.push(...(await selectBalances(sql, { prefix: `${name}:${code}` })))
  return {
    count: standing.length,
    examples: standing.slice(0, 10).map(({ account }) => account),
    amounts: standing.map(({ asset, minor }) => ({ asset, minor })),
  }
}
