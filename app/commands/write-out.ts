import { isReaderGone } from '../reader-gone.ts'

/** Writes to standard output, and waits while its reader is behind. Fails when its reader has gone, as `head` does. */
export async function writeOut(text: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

// the write that failed tells; without a listener the stream would end the process before anything is closed
process.stdout.on('error', (error) => {
  if (!isReaderGone(error)) throw error
})
