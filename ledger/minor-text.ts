import { z } from 'zod'

/** Minor units in a record's data, where integers are text. */
export const minorText = z
  .string()
  .regex(/^(?:0|-?[1-9][0-9]{0,37})$/, 'it is no amount')
  .transform((text) => BigInt(text))
