import { Fault } from '../../kernel/fault.ts'
import { parseStrictJson } from '../../kernel/strict-json.ts'
import { readText } from './read-text.ts'

/**
 * Reads a file of terms, which a second look must not read otherwise: no member twice. Throws `NOT_FOUND`, and
 * `INVALID_INPUT` with the file's name.
 */
export async function readTermsFile(file: string): Promise<unknown> {
  const text = await readText(file)
  try {
    return parseStrictJson(text)
  } catch (cause) {
    const why = cause instanceof Fault ? cause.message : 'it is not JSON'
    throw new Fault('INVALID_INPUT', `${file}: ${why}`, { cause })
  }
}
