import type { Asset } from '../../../kernel/money.ts'

/** An account of the finance system. */
export type FinanceAccount = { readonly code: string; readonly name: string }

/** Where one of our accounts stands there, and what is left of our path below the part that is mapped. */
export type FinancePlace = FinanceAccount & { readonly below: readonly string[] }

/** Finds the finance system's account for one of ours in an asset; nothing where it is not mapped. */
export type FinanceChart = (account: string, asset: Asset) => FinancePlace | undefined

type Line = FinanceAccount & { readonly account: string; readonly asset?: Asset | undefined }

/** By whole sections, the longest prefix wins; of two of the same length that for the asset alone. */
export function financeChart(lines: readonly Line[]): FinanceChart {
  const byKey = new Map(lines.map((line) => [keyOf(line.account, line.asset), line]))
  return (account, asset) => {
    const sections = account.split(':')
    for (let length = sections.length; length > 0; length--) {
      const prefix = sections.slice(0, length).join(':')
      const line = byKey.get(keyOf(prefix, asset)) ?? byKey.get(keyOf(prefix, undefined))
      if (line !== undefined) return { code: line.code, name: line.name, below: sections.slice(length) }
    }
    return undefined
  }
}

function keyOf(account: string, asset: Asset | undefined): string {
  return `${account} ${asset ?? ''}`
}
