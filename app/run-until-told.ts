import type { RunningServer } from './start-server.ts'

/** Stops the server in good order at the first SIGTERM or SIGINT; a second one ends the process at once. */
export function stopWhenTold(server: RunningServer): void {
  let told = false
  const stop = (): void => {
    if (told) process.exit(130)
    told = true
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(
          `The server did not stop in good order: ${error instanceof Error ? error.message : 'unknown'}\n`,
        )
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
