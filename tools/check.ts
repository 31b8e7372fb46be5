import { checks, runChecks } from './run-checks.ts'

// `npm run check` runs all of them, `npm run check -- types lint` only those named.
const names = process.argv.slice(2)
const unknown = names.filter((name) => !checks.some((check) => check.name === name))

if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(', ')}. There are: ${checks.map((check) => check.name).join(', ')}.`)
  process.exitCode = 2
} else {
  const outcomes = await runChecks(checks.filter(({ name }) => names.length === 0 || names.includes(name)))
  process.exitCode = outcomes.every((outcome) => outcome.passed) ? 0 : 1
}
