import { z } from 'zod'
import { parseRecordData, wholeNumber } from '../../records/parse-record-data.ts'
import type { Projector } from '../../records/projector.ts'
import { deletePreferences, keepPreferences } from './store/preferences.ts'

const preferenceData = z.object({ recommendations: z.boolean(), change: wholeNumber })

/** What customers chose for all partners, out of the log; nothing of those who are erased. */
export const preferenceProjector: Projector = {
  kinds: ['preference', 'customer'],
  tables: [{ name: 'customer_preferences', key: ['customer_id'] }],
  project: async (_context, tx, records) => {
    for (const { body, personal } of records) {
      if (body.kind !== 'preference' || personal === undefined) continue
      const { recommendations, change: version } = parseRecordData(preferenceData, body)
      const { customer } = personal
      await keepPreferences(tx, { customer, recommendations, version, changedAt: new Date(body.at), record: body.id })
    }
    const erased = records.filter(({ body }) => body.kind === 'customer')
    await deletePreferences(
      tx,
      erased.flatMap(({ owner }) => owner ?? []),
    )
    return []
  },
}
