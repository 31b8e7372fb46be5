import { readFile } from 'node:fs/promises'
import { Fault } from '../../kernel/fault.ts'

/** Reads a text file that a person named. Throws `NOT_FOUND` with its name. */
export async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault('NOT_FOUND', `${file} cannot be read`, { cause })
  })
}
