import { styleText } from 'node:util'
import { type Finished, packageCommand, runQuietly } from './run-command.ts'

/** One thing that must hold of the checkout before a test is worth running. */
export type Check = { readonly name: string; readonly promise: string; readonly script: readonly string[] }

export type CheckOutcome = { readonly check: Check; readonly passed: boolean; readonly seconds: number }

export const checks: readonly Check[] = [
  { name: 'types', promise: 'TypeScript finds no error', script: [packageCommand('tsc'), '--pretty', 'false'] },
  { name: 'lint', promise: 'Biome finds nothing', script: [packageCommand('biome'), 'check', '--error-on-warnings'] },
  { name: 'imports', promise: 'folders import only what they may', script: ['tools/check-imports.ts'] },
  { name: 'unused', promise: 'Knip finds nothing unused', script: [packageCommand('knip'), '--no-progress'] },
  { name: 'schema', promise: 'the printed SDL is up to date', script: ['app/cli.ts', 'schema', 'check'] },
  {
    name: 'contracts',
    promise: 'compiled contracts are up to date',
    script: ['tools/compile-contracts.ts', '--check'],
  },
]

/** Runs every check, two at a time, prints each under its heading as it ends, then a summary with times. */
export async function runChecks(chosen: readonly Check[] = checks): Promise<readonly CheckOutcome[]> {
  const waiting = [...chosen]
  const outcomes: CheckOutcome[] = []
  const runWaiting = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) outcomes.push(await runCheck(check))
  }
  await Promise.all([runWaiting(), runWaiting()])
  const inOrder = chosen.flatMap((check) => outcomes.filter((outcome) => outcome.check === check))
  printSummary(inOrder)
  return inOrder
}

async function runCheck(check: Check): Promise<CheckOutcome> {
  const finished = await runQuietly(check.script)
  printResult(check, finished)
  return { check, passed: finished.exitCode === 0, seconds: finished.seconds }
}

function printResult(check: Check, { exitCode, output }: Finished): void {
  console.log(styleText('bold', `\n== ${check.name}: ${check.promise} ==`))
  // Of a check that passed, its last line says how much it looked at.
  console.log(exitCode === 0 ? output.trim().split('\n').at(-1) : output.trim())
  console.log(exitCode === 0 ? 'holds' : styleText('red', `does not hold (exit code ${exitCode})`))
}

function printSummary(outcomes: readonly CheckOutcome[]): void {
  console.log(styleText('bold', '\n== checks =='))
  for (const { check, passed, seconds } of outcomes) {
    const verdict = passed ? styleText('green', 'passed') : styleText('red', 'FAILED')
    console.log(`${verdict}  ${check.name.padEnd(9)} ${seconds.toFixed(1).padStart(5)} s`)
  }
}
