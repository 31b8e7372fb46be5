const OFTEN_MS = 20

/** Watches how much memory this process has; `stop` gives the most there was, in megabytes. */
export function watchMemory(): { readonly stop: () => number } {
  let most = 0
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss() / 1_000_000)
  }
  look()
  const timer = setInterval(look, OFTEN_MS)
  return {
    stop: () => {
      clearInterval(timer)
      look()
      return most
    },
  }
}
