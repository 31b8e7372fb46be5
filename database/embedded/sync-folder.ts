import * as fs from 'node:fs'

/** A rename is on disk only when the folder that holds the name is. */
export function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r')
  fs.fsyncSync(descriptor)
  fs.closeSync(descriptor)
}
