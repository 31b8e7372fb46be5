import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import { type Page, type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { type LineKey, selectAssetsOf, selectStatement } from './store/account-statement.ts'

/** A posting on an account, and what stands on it after it. */
export type AccountLine = {
  readonly entry: Id<'jre'>
  readonly line: number
  readonly at: Date
  readonly reference: string
  readonly description: string
  readonly minor: bigint
  readonly balance: bigint
}

export type AccountStatementInput = {
  readonly account: string
  /** May be left out when the account holds one asset only. */
  readonly asset?: Asset | undefined
  /** From this instant on, by the entries' time; from the beginning unless given. */
  readonly from?: Date | undefined
  /** Up to this instant, which is not in it; without end unless given. */
  readonly to?: Date | undefined
  readonly page: PageInput
}

export type AccountStatement = {
  readonly account: string
  readonly asset: Asset
  /** What stands on the account before the first line of the span, and after its last one. */
  readonly opening: bigint
  readonly closing: bigint
  readonly lines: PageResult<AccountLine>
}

/**
 * What moved on an account in a span of time, in order of time, entry and line, with the balance after each line. All of a
 * page is read at one moment. A page far down costs no more than the first one. Throws `NOT_FOUND` for an account that
 * nothing was posted to, and `INVALID_INPUT` for a page that is none, or when it takes an asset to tell.
 */
export async function accountStatement(context: Context, input: AccountStatementInput): Promise<AccountStatement> {
  const { account, from, to } = input
  const page = parsePageOfLines(input.page)
  const asset = input.asset ?? (await onlyAsset(context, account))
  const found = await selectStatement(context.database.reads, { account, asset, from, to, page })
  if (found === undefined) throw noAccount(account)
  const lines = pageOf(page, found.lines, ({ key }) => key)
  const edges = lines.edges.map(({ node: { key, ...node }, cursor }) => ({ node, cursor }))
  return { account, asset, opening: found.opening, closing: found.closing, lines: { ...lines, edges } }
}

async function onlyAsset({ database }: Context, account: string): Promise<Asset> {
  const assets = await selectAssetsOf(database.reads, account)
  const [asset] = assets
  if (asset === undefined) throw noAccount(account)
  if (assets.length === 1) return asset
  throw new Fault('INVALID_INPUT', `the account holds several assets, choose one: ${assets.join(', ')}`, {
    field: 'asset',
  })
}

function noAccount(account: string): Fault {
  return new Fault('NOT_FOUND', `nothing was posted to ${JSON.stringify(account.slice(0, 60))}`, { field: 'account' })
}

const INSTANT = /^[0-9]{4,6}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?\+00$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function parsePageOfLines(input: PageInput): Page & { readonly cursor: LineKey | undefined } {
  const { cursor, ...page } = parsePage(input, 3)
  if (cursor === undefined) return { ...page, cursor }
  const [at = '', entry = '', line = ''] = cursor
  if (!INSTANT.test(at) || Number.isNaN(Date.parse(at)) || !UUID.test(entry) || !/^[0-9]{1,9}$/.test(line)) {
    throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
  }
  return { ...page, cursor: [at, entry, line] }
}
