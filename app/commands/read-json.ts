import { Fault } from '../../kernel/fault.ts'
import { readText } from './read-text.ts'

/** Reads a JSON file that a person named. Throws `NOT_FOUND` and `INVALID_INPUT` with the file's name. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `${file} is not JSON`, { cause })
  }
}
