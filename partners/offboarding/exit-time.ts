import { z } from 'zod'

/** An instant from outside, with its offset, such as `2026-12-31T16:00:00Z`. */
export const exitTime = z.iso
  .datetime({ offset: true, error: 'it is no time such as 2026-12-31T16:00:00Z' })
  .transform((text) => new Date(text))
