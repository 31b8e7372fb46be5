const PATIENCE_MS = 60_000

/** Until a server says that it is ready. Throws when it does not for a minute, or when `ended` says that it will not. */
export async function untilReady(ask: () => Promise<Response>, ended: () => boolean = () => false): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
    const answer = await ask().catch(() => undefined)
    if (answer?.status === 200) return
    if (ended()) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the server did not become ready')
}
