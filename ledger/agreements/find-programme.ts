import type { Context } from '../../database/context.ts'
import type { Programme } from './programme.ts'
import { selectProgramme } from './store/programmes.ts'

/** The programme with this id or code, or nothing. */
export async function findProgramme(context: Context, codeOrId: string): Promise<Programme | undefined> {
  return selectProgramme(context.database.reads, codeOrId)
}
