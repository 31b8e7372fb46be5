import { runBenchCommand } from '../tools/bench-command.ts'

// `npm run bench` lists the benchmarks of this folder; `npm run bench -- NAME [--strict] [options]` runs one.
process.exitCode = await runBenchCommand(import.meta.dirname, process.argv.slice(2))
