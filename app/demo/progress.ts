/** Told how much is done, of how much, and what it is at. */
export type OnProgress = (done: number, total: number, what: string) => void

export type Progress = {
  /** For a step that says how much more it has done. */
  readonly counting: (what: string) => (count: number) => void
  /** For a step that says how much it has done since it began. */
  readonly upTo: (what: string) => (count: number) => void
  readonly finish: () => void
}

/** One scale for steps of several kinds. The total is an estimate: it is never passed, and reached at the end. */
export function progressOf(total: number, onProgress: OnProgress): Progress {
  let done = 0
  const tell = (count: number, what: string): void => {
    done += count
    onProgress(Math.min(done, total), total, what)
  }
  return {
    counting: (what) => (count) => tell(count, what),
    upTo: (what) => {
      let before = 0
      return (count) => {
        tell(count - before, what)
        before = count
      }
    },
    finish: () => onProgress(total, total, 'done'),
  }
}
