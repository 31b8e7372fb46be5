import { Presets, SingleBar } from 'cli-progress'

/** A bar on standard error while long work goes on; nothing where it is no terminal. */
export type Progress = { readonly show: (done: number, total: number, note?: string) => void; readonly end: () => void }

/** Opens a bar with a title. */
export function openProgress(title: string, shown: boolean = process.stderr.isTTY): Progress {
  if (!shown) return { show: () => {}, end: () => {} }
  const bar = new SingleBar(
    { format: `${title} [{bar}] {percentage}% {note}`, hideCursor: true, clearOnComplete: false },
    Presets.legacy,
  )
  bar.start(1, 0, { note: '' })
  return {
    show: (done, total, note = '') => {
      bar.setTotal(Math.max(total, 1))
      bar.update(done, { note })
    },
    end: () => bar.stop(),
  }
}

export type OnProgress = (progress: { readonly done: number; readonly total: number }) => void

/** Runs long work and shows its progress under a title. */
export type Watch = <T>(title: string, work: (onProgress: OnProgress) => Promise<T>) => Promise<T>

/** Runs long work under a bar that it moves by what it reports. */
export async function withBar<T>(title: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const bar = openProgress(title)
  return work(({ done, total }) => bar.show(done, total)).finally(bar.end)
}
