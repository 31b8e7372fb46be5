import { type BenchOptions, type BenchResult, compare, numberOption } from '../harness.ts'
import type { BenchWorld } from './bench-world.ts'
import { median } from './median.ts'
import { openOurs, openTextbookPoster, type Poster, type Spread } from './singles.ts'

const SPREADS = ['spread', 'hot'] as const

export type ComparedSingles = {
  readonly results: readonly BenchResult[]
  /** Entries a second that the textbook's design posts, accounts spread. */
  readonly textbook: number
}

/**
 * Single entries by clients at once, ours beside the textbook's, with accounts spread and with one in every entry. They
 * take turns in rounds, so that what else the machine does falls on all of them.
 */
export async function compareSingles(world: BenchWorld, options: BenchOptions): Promise<ComparedSingles> {
  const clients = numberOption(options, 'clients', 8)
  const seconds = numberOption(options, 'seconds', 4)
  const rounds = numberOption(options, 'rounds', 5)
  const [ours, textbook] = [await openOurs(world), await openTextbookPoster(world, clients)]
  const [ourSpeeds, textbookSpeeds] = [noSpeeds(), noSpeeds()]
  for (let round = 0; round < rounds; round++) {
    for (const spread of SPREADS) {
      textbookSpeeds[spread].push(await measured(textbook, 'textbook', { clients, seconds, spread }))
      ourSpeeds[spread].push(await measured(ours, 'ours', { clients, seconds, spread }))
    }
  }
  await Promise.all([ours.close(), textbook.close()])
  const unit = 'entries/s'
  const better = 'higher'
  const [spread, hot] = [median(ourSpeeds.spread), median(ourSpeeds.hot)]
  const [peerSpread, peerHot] = [median(textbookSpeeds.spread), median(textbookSpeeds.hot)]
  const name = `single entries, ${clients} clients`
  const results = [
    compare({ name: `${name} (peer: textbook)`, ours: spread, peer: peerSpread, unit, target: 2, better }),
    compare({
      name: `${name}, all on one account (peer: ours, spread)`,
      ours: hot,
      peer: spread,
      unit,
      target: 0.9,
      better,
    }),
    compare({
      name: `${name}, all on one account (peer: textbook)`,
      ours: hot,
      peer: peerHot,
      unit,
      target: 2,
      better,
    }),
  ]
  return { results, textbook: peerSpread }
}

function noSpeeds(): Readonly<Record<Spread, number[]>> {
  return { spread: [], hot: [] }
}

async function measured(
  poster: Poster,
  label: string,
  options: { readonly clients: number; readonly seconds: number; readonly spread: Spread },
): Promise<number> {
  const speed = await poster.measure(options)
  console.error(`${label}, ${options.spread}: ${speed.toFixed(0)} entries/s`)
  return speed
}
