import { type FileHandle, open } from 'node:fs/promises'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { selectRefusals } from '../store/imports.ts'

const PAGE = 1000

/** A file for refused lines, opened before the import begins, so that a path that is no good costs nothing. */
export type RefusedFile = {
  readonly write: (context: Context, importId: Id<'imp'>) => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens the file, emptying it. Throws `INVALID_INPUT` when it cannot be written. */
export async function openRefusedFile(path: string): Promise<RefusedFile> {
  const file = await create(path)
  return { write: (context, importId) => write(context, file, importId), close: () => file.close() }
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w')
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `the file ${path} cannot be written`, { field: 'refusedFile', cause })
  }
}

async function write(context: Context, file: FileHandle, importId: Id<'imp'>): Promise<void> {
  for (let afterLine = 0; ; ) {
    const page = await selectRefusals(context.database.reads, importId, { afterLine, limit: PAGE })
    const last = page.at(-1)
    if (!last) return
    await file.write(page.map((refusal) => `${JSON.stringify(refusal)}\n`).join(''))
    afterLine = last.line
  }
}
