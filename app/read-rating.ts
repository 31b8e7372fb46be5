import { readFile } from 'node:fs/promises'
import { Fault } from '../kernel/fault.ts'
import { parseStrictJson } from '../kernel/strict-json.ts'
import { DEFAULT_RATING, type RatingSettings, ratingSettings } from '../partners/ratings/rating-settings.ts'

/** How partners are rated, out of the configured file. Throws `CONFIG_INVALID` that names the setting and the first fault. */
export async function readRating(file: string | undefined): Promise<RatingSettings> {
  if (file === undefined) return DEFAULT_RATING
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault('CONFIG_INVALID', 'TRIBUTARY_RATING_FILE: it cannot be read', { cause })
  })
  const parsed = ratingSettings.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Fault('CONFIG_INVALID', `TRIBUTARY_RATING_FILE: ${issue?.path.join('.')}: ${issue?.message}`)
}

function jsonOf(text: string): unknown {
  try {
    return parseStrictJson(text)
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', 'TRIBUTARY_RATING_FILE: it is not JSON', { cause })
  }
}
