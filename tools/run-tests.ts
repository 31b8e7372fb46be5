import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { packageCommand, runShown } from './run-command.ts'

/** How many tests passed and failed, a test that was skipped included in neither. */
export type TestOutcome = { readonly passed: number; readonly failed: number; readonly skipped: number }

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
})

/**
 * Runs vitest once, with its own output as it comes and `options` added to its command line. A run that fails without
 * a failed test (a file that does not load, an unhandled error, no test at all) counts as one failure.
 */
export async function runTests(options: readonly string[]): Promise<TestOutcome> {
  const reportPath = join(tmpdir(), `tributary-tests-${randomUUID()}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  const exitCode = await runShown([packageCommand('vitest'), 'run', ...reporters, ...options])
  const { passed, failed, skipped } = await readReport(reportPath)
  await rm(reportPath, { force: true })
  return { passed, failed: exitCode === 0 ? failed : Math.max(1, failed), skipped }
}

async function readReport(path: string): Promise<TestOutcome> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const report = vitestReport.parse(JSON.parse(text))
  const skipped = report.numPendingTests + report.numTodoTests
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped }
}
