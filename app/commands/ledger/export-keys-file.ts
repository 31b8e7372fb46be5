import { type FileHandle, open, rm } from 'node:fs/promises'
import type { Context } from '../../../database/context.ts'
import { Fault } from '../../../kernel/fault.ts'

/** Writes the keys file, for its owner's eyes alone. Throws `WRONG_STATE` when there is a file already. */
export async function exportKeysFile(context: Context, file: string): Promise<void> {
  const { exportKeys } = await import('../../../records/export-keys.ts')
  const { exportCustomers } = await import('../../../customers/export-customers.ts')
  const handle = await openNew(file)
  const write = async (text: string): Promise<void> => handle.appendFile(text)
  try {
    await exportKeys(context, write)
    await exportCustomers(context, write)
    await handle.sync()
  } catch (error) {
    await rm(file)
    throw error
  } finally {
    await handle.close()
  }
}

async function openNew(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600)
  } catch (cause) {
    throw new Fault('WRONG_STATE', `${file} cannot be made, or is there already: keys are never written over`, {
      cause,
    })
  }
}
