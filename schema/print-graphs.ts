import { readFile, writeFile } from 'node:fs/promises'
import { buildSchema, findBreakingChanges, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { GRAPHS, type GraphName } from './builder.ts'
import { customerSchema, operationsSchema, partnerSchema } from './graphs.ts'

const SCHEMAS: Readonly<Record<GraphName, GraphQLSchema>> = {
  partner: partnerSchema,
  customer: customerSchema,
  operations: operationsSchema,
}

/** The graphs as the schema definition language, sorted, as they are committed. */
export function printGraphs(): Readonly<Record<GraphName, string>> {
  const print = (name: GraphName): string => `${printSchema(lexicographicSortSchema(SCHEMAS[name]))}\n`
  return { partner: print('partner'), customer: print('customer'), operations: print('operations') }
}

/** Writes the graphs to where they are committed. */
export async function writeGraphs(): Promise<void> {
  const printed = printGraphs()
  await Promise.all(GRAPHS.map((name) => writeFile(committedAt(name), printed[name])))
}

/** What the committed graphs lack or have too much; changes that break callers are named one by one. Empty when all is well. */
export async function checkGraphs(): Promise<readonly string[]> {
  const printed = printGraphs()
  const findings = await Promise.all(
    GRAPHS.map(async (name) => compareGraphs(name, await readCommitted(name), printed[name])),
  )
  return findings.flat()
}

/** The findings for one graph, of which both texts are valid definitions. */
export function compareGraphs(name: GraphName, committed: string | undefined, printed: string): readonly string[] {
  if (committed === printed) return []
  const file = `schema/${name}.graphql`
  if (committed === undefined) return [`${file} is missing`]
  const breaking = findBreakingChanges(buildSchema(committed), buildSchema(printed))
  return [
    `${file} differs from the code: print it again`,
    ...breaking.map(({ description }) => `${file}: breaking change: ${description}`),
  ]
}

async function readCommitted(name: GraphName): Promise<string | undefined> {
  try {
    return await readFile(committedAt(name), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function committedAt(name: GraphName): URL {
  return new URL(`${name}.graphql`, import.meta.url)
}
