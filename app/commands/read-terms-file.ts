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
    if (!(cause instanceof Fault)) throw cause
    throw new Fault(cause.code, cause.message.replace('the body', file), { cause })
  }
}
