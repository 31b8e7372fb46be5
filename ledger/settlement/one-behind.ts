/** Does one piece of work after the other, each while its caller makes the next. */
export type OneBehind<T> = {
  /** Waits for the piece before, then begins this one. Throws what the one before threw. */
  readonly write: (piece: T) => Promise<void>
  /** Waits for the last piece. Throws what it threw. */
  readonly end: () => Promise<void>
  /** Waits until nothing goes on any more, whatever became of it. */
  readonly settled: () => Promise<void>
}

/** Makes such a writer; nothing goes on yet. */
export function oneBehind<T>(work: (piece: T) => Promise<void>): OneBehind<T> {
  let last: Promise<void> = Promise.resolve()
  let settled = last
  return {
    write: async (piece) => {
      await last
      last = work(piece)
      // until it is awaited, nobody else is there to hear of a failure
      settled = last.catch(() => {})
    },
    end: () => last,
    settled: () => settled,
  }
}
