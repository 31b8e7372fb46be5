import { type DatabaseAddress, openPool } from '../database/client.ts'
import { canonicalStatements } from './closing/canonical-statements.ts'
import { closeApart, type Ended, type Stop } from './closing/close-apart.ts'
import type { BenchOptions, BenchResult } from './harness.ts'
import { compare, measure, numberOption } from './harness.ts'
import { cloneDatabase, settle } from './import/copy-tables.ts'
import { type BenchWorld, openContext, withServer } from './ledger/bench-world.ts'
import { makeScene } from './rules/scene.ts'

/** What the most facts are flat beside. */
const FEW = 100_000

/**
 * A month with a million facts is closed undisturbed, and once more, by the same facts, by processes that are killed while
 * they split, while they write, and before they lock; the statements of both are compared. The limit of both is the same
 * run: what a closing takes, in time and in memory. Memory is held beside that of a month with a tenth of the facts.
 * Options: `--facts 1000000`, and `--partners 500`.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  const most = numberOption(options, 'facts', 1_000_000)
  const partners = numberOption(options, 'partners', 500)
  return withServer(async (world) => {
    const few = await undisturbed(world, await monthOf(world, { facts: Math.min(FEW, most / 10), partners }))
    const facts = await monthOf(world, { facts: most, partners })
    const again = await cloneDatabase(world.server, facts.database ?? '', `${facts.database}_again`)
    const many = await undisturbed(world, facts)
    await settle(world.server)
    let last: Ended | undefined
    const seconds = await measure(
      `closing it by processes of which ${stopsOf(many.lines).length} are killed`,
      async () => {
        for (const stop of stopsOf(many.lines)) await closeApart(again, stop)
        last = await closeApart(again)
      },
    )
    const equal = await countEqual(facts, again)
    return resultsOf({ few, many, killed: { ...ended(last), seconds }, equal })
  })
}

/** Half of the splitting, half of the writing, and all but the lock. */
function stopsOf(lines: number): readonly Stop[] {
  const half = Math.floor(lines / 2)
  return [
    { step: 'SPLITTING', facts: half },
    { step: 'WRITING', facts: half },
    { step: 'LOCKING', facts: 0 },
  ]
}

async function monthOf(
  world: BenchWorld,
  { facts, partners }: { readonly facts: number; readonly partners: number },
): Promise<DatabaseAddress> {
  const owner = await world.migrated(`closing_${facts}`)
  const { context, close } = openContext(owner)
  // making the members takes a while, in which an idle connection would be closed, and its setting lost
  const pool = openPool(owner, 'tributary:bench', 1, { idleSeconds: 0 })
  try {
    await pool`set statement_timeout = 0`
    await makeScene(context, pool, { facts, partners })
  } finally {
    await pool.end()
    await close()
  }
  return owner
}

async function undisturbed(world: BenchWorld, owner: DatabaseAddress): Promise<Ended> {
  await settle(world.server)
  let run: Ended | undefined
  await measure(`closing ${owner.database}`, async () => {
    run = await closeApart(owner)
  })
  return ended(run)
}

function ended(run: Ended | undefined): Ended {
  if (run === undefined) throw new Error('a closing told nothing of its end')
  return run
}

/** How many statements there are, and how many of them are the same in both. */
async function countEqual(
  one: DatabaseAddress,
  other: DatabaseAddress,
): Promise<{ readonly all: number; readonly same: number }> {
  const [first = [], second = []] = await Promise.all([one, other].map(statementsOf))
  const same = first.filter((statement, index) => statement === second[index]).length
  console.error(
    `statements: ${first.length} and ${second.length}, equal: ${same === first.length && same === second.length}`,
  )
  return { all: Math.max(first.length, second.length), same }
}

async function statementsOf(owner: DatabaseAddress): Promise<readonly string[]> {
  const pool = openPool(owner, 'tributary:bench', 1)
  try {
    await pool`set statement_timeout = 0`
    return await canonicalStatements(pool)
  } finally {
    await pool.end()
  }
}

type Measured = {
  readonly few: Ended
  readonly many: Ended
  readonly killed: Ended
  readonly equal: { readonly all: number; readonly same: number }
}

function resultsOf({ few, many, killed, equal }: Measured): readonly BenchResult[] {
  const perLine = ({ seconds, lines }: Ended): number => (seconds * 1_000_000) / lines
  const better = 'lower'
  return [
    compare({
      name: `statements of ${many.lines} lines that are equal after three kills (peer: undisturbed)`,
      ...{ ours: equal.same, peer: equal.all, unit: 'statements', target: 1, better: 'higher' },
    }),
    compare({
      name: `most memory at ${many.lines} lines beside ${few.lines}`,
      ...{ ours: many.peakMegabytes, peer: few.peakMegabytes, unit: 'MB', target: 1.5, better },
    }),
    compare({
      name: `a line of ${many.lines} beside one of ${few.lines}`,
      ...{ ours: perLine(many), peer: perLine(few), unit: 'µs', target: 1.3, better },
    }),
    compare({
      name: 'closing with three kills (peer: undisturbed)',
      ...{ ours: killed.seconds, peer: many.seconds, unit: 's', target: 3, better },
    }),
  ]
}
