import { installPackages } from './install-packages.ts'
import { runChecks } from './run-checks.ts'
import { runTests } from './run-tests.ts'

// `npm test` does everything; `npm test -- --only-packages` stops before the checks; other arguments go to vitest.
const options = process.argv.slice(2)
const onlyPackages = options.includes('--only-packages')

if (!installPackages()) process.exitCode = 1
else if (!onlyPackages) await checkAndTest()

async function checkAndTest(): Promise<void> {
  const outcomes = await runChecks()
  const passedChecks = outcomes.filter((outcome) => outcome.passed).length
  const failedChecks = outcomes.length - passedChecks
  const { passed, failed, skipped } = await runTests(options)
  // A test left out by a filter on the command line is no test that was given up.
  const forgotten = options.length === 0 ? skipped : 0
  if (forgotten > 0) console.log(`A skipped test counts as failed: ${forgotten} skipped.`)
  console.log(`\nChecks: ${passedChecks} passed, ${failedChecks} failed`)
  console.log(`Tests:  ${passed} passed, ${failed + forgotten} failed`)
  console.log(`${passedChecks + passed} passed, ${failedChecks + failed + forgotten} failed`)
  process.exitCode = failedChecks + failed + forgotten === 0 ? 0 : 1
}
