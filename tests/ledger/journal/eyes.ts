import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import type { Context } from '../../../database/context.ts'
import { type Asset, decimalsOf, formatDecimal, parseAsset, parseDecimal } from '../../../kernel/money.ts'
import { balances } from '../../../ledger/journal/balances.ts'
import { exportJournal } from '../../../ledger/journal/export-journal.ts'
import type { JournalFormat } from '../../../ledger/journal/journal-format.ts'
import { programPath } from '../../../tools/system-packages.ts'

const run = promisify(execFile)

/** Balances that are not zero, as sorted lines: `Partner:Payable:harbour CNY/2 -12.30`. */
export type Told = readonly string[]

/** The balances as we tell them. */
export async function ourBalances(context: Context): Promise<Told> {
  const lines = await balances(context)
  return lines.map(({ account, asset, minor }) => `${account} ${asset} ${formatDecimal({ asset, minor })}`).toSorted()
}

export async function exported(context: Context, format: JournalFormat): Promise<string> {
  const parts: string[] = []
  await exportJournal(context, { format }, (text) => void parts.push(text))
  return parts.join('')
}

/** What hledger finds in an export; throws with its words when a strict check fails. */
export async function hledgerBalances(journal: string): Promise<Told> {
  return withFile(journal, 'all.journal', async (file) => {
    await program('hledger', ['check', '--strict', 'ordereddates', '-f', file])
    const csv = await program('hledger', ['bal', '-f', file, '--flat', '-N', '-O', 'csv', '--layout', 'bare'])
    const assets = new Map(
      [...journal.matchAll(/^commodity "?([A-Z0-9.]+)"? 1000\.(0*)$/gm)].map(([, name = '', zeros = '']) => [
        name,
        `${name.split('.')[0]}/${zeros.length}`,
      ]),
    )
    const rows: string[][] = parse(csv, { from: 2 })
    return told(
      rows.map(([account = '', name = '', amount = '']) => {
        const asset = assets.get(name) ?? ''
        return { account, asset, minor: parseDecimal(amount, parseAsset(asset)) }
      }),
    )
  })
}

/** What beancount finds in an export, by our names for its accounts and commodities; throws when `bean-check` complains. */
export async function beancountBalances(journal: string): Promise<Told> {
  return withFile(journal, 'all.beancount', async (file) => {
    await program('bean-check', [file])
    const query = 'select account, currency, str(sum(number)) group by account, currency'
    const csv = await program('bean-query', ['-q', '-f', 'csv', file, query])
    const ours = new Map(
      [...journal.matchAll(/ (?:open|commodity) (\S+)\n {2}(?:account|asset): "([^"]+)"/g)].map(
        ([, name = '', own = '']) => [name, own],
      ),
    )
    const rows: string[][] = parse(csv, { from: 2, trim: true })
    return told(
      rows.map(([account = '', name = '', amount = '']) => {
        const asset = ours.get(name) ?? ''
        return { account: ours.get(account) ?? '', asset, minor: minorOf(amount, asset) }
      }),
    )
  })
}

/** What a spreadsheet adds up from the export as CSV. */
export function csvBalances(journal: string): Told {
  const sums = new Map<string, bigint>()
  const rows: { account: string; asset: Asset; amount: string }[] = parse(journal, { columns: true })
  for (const { account, asset, amount } of rows) {
    const key = `${account} ${asset}`
    sums.set(key, (sums.get(key) ?? 0n) + parseDecimal(amount, asset))
  }
  return told(
    [...sums].map(([key, minor]) => {
      const [account = '', asset = ''] = key.split(' ')
      return { account, asset, minor }
    }),
  )
}

type Row = { readonly account: string; readonly asset: string; readonly minor: bigint }

function told(rows: readonly Row[]): Told {
  return rows
    .filter(({ minor }) => minor !== 0n)
    .map(({ account, asset, minor }) => `${account} ${asset} ${formatDecimal({ asset: parseAsset(asset), minor })}`)
    .toSorted()
}

/** Python's way to write a number: `Decimal('-1.1E-17')`. */
function minorOf(decimal: string, asset: string): bigint {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^Decimal\('(-?)([0-9]+)(?:\.([0-9]+))?(?:E([+-][0-9]+))?'\)$/.exec(decimal) ?? []
  const shift = decimalsOf(parseAsset(asset)) - fraction.length + Number(power)
  const digits = BigInt(`${sign}${whole}${fraction}`)
  return shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift)
}

async function program(name: string, parameters: readonly string[]): Promise<string> {
  const environment = { ...process.env, LANG: 'C.UTF-8' }
  const { stdout, stderr } = await run(programPath(name), parameters, { env: environment, maxBuffer: 1 << 28 })
  if (stderr !== '') throw new Error(`${name}: ${stderr}`)
  return stdout
}

async function withFile<T>(text: string, name: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-journal-'))
  try {
    const file = path.join(folder, name)
    await writeFile(file, text)
    return await work(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}
