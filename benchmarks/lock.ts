import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { rotateTagKeys } from '../customers/sealing/rotate-tag-keys.ts'
import type { Context } from '../database/context.ts'
import { readPages } from './consents/compare-pages.ts'
import { readMany } from './consents/compare-reads.ts'
import { accountsOf, consenting, importPopulation, type Party, PLAIN, type Share } from './consents/population.ts'
import { type BenchOptions, type BenchResult, compare, measure, numberOption } from './harness.ts'
import { writeBankFile } from './import/bank-file.ts'
import { openContext, withServer } from './ledger/bench-world.ts'
import { median } from './ledger/median.ts'

const CUSTOMERS = 20_000
const LEAST_SPEED = 0.5

/** As {@link PLAIN}, of sensitive tags. */
const SEALED: Share = {
  purpose: 'CREDIT_PREAPPROVAL',
  tags: [
    { key: 'has_mortgage', granularity: 'exact' },
    { key: 'assets', granularity: 'band' },
    { key: 'risk_level', granularity: 'flag' },
  ],
}

/**
 * Reads of three sealed tags beside reads of three plain ones, by many requests at once and by pages, with each cipher.
 * Options: `--customers 20000`; `--rounds 5`.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-bench-'))
  try {
    return await withServer(async (world) => {
      const { context, close } = openContext(await world.migrated('lock'))
      try {
        const file = path.join(folder, 'customers.csv')
        await writeBankFile(file, numberOption(options, 'customers', CUSTOMERS))
        await importPopulation(context, file)
        return await compareCiphers(context, numberOption(options, 'rounds', 5))
      } finally {
        await close()
      }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compareCiphers(context: Context, rounds: number): Promise<readonly BenchResult[]> {
  const accounts = await accountsOf(context)
  const plain = await consenting(context, { code: 'harbour-bank', share: PLAIN, accounts })
  const sealed = await consenting(context, { code: 'river-bank', share: SEALED, accounts })
  const results: BenchResult[] = []
  for (const tagCipher of ['AES-256-GCM', 'SM4'] as const) {
    const staff = { ...context, tagCipher, actor: 'staff:bench' } as const
    await measure(`sealed again with ${tagCipher}`, () => rotateTagKeys(staff))
    results.push(await compareReading(context, { name: `reads, ${tagCipher}`, plain, sealed, rounds, read: readMany }))
    results.push(await compareReading(context, { name: `pages, ${tagCipher}`, plain, sealed, rounds, read: readPages }))
  }
  return results
}

type Reading = {
  readonly name: string
  readonly plain: Party
  readonly sealed: Party
  readonly rounds: number
  readonly read: (context: Context, party: Party) => Promise<number>
}

async function compareReading(context: Context, { name, plain, sealed, rounds, read }: Reading): Promise<BenchResult> {
  const rates: { sealed: number[]; plain: number[] } = { sealed: [], plain: [] }
  for (let round = 0; round < rounds; round++) {
    for (const [kind, party] of [
      ['sealed', sealed],
      ['plain', plain],
    ] as const) {
      let customers = 0
      const seconds = await measure(`${name}: ${kind}`, async () => {
        customers = await read(context, party)
      })
      rates[kind].push(customers / seconds)
    }
  }
  return compare({
    name: `${name}: 3 sealed tags`,
    ours: median(rates.sealed),
    peer: median(rates.plain),
    unit: 'customers/s (peer: 3 plain tags)',
    target: LEAST_SPEED,
    better: 'higher',
  })
}
