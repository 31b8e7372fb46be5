import { readFile } from 'node:fs/promises'
import { Fault } from '../../kernel/fault.ts'

/** Reads a JSON file that a person named. Throws `NOT_FOUND` and `INVALID_INPUT` with the file's name. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault('NOT_FOUND', `${file} cannot be read`, { cause })
  })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `${file} is not JSON`, { cause })
  }
}
