import { z } from 'zod'
import { parseRecordData } from '../records/parse-record-data.ts'
import type { Projector } from '../records/projector.ts'
import { takeOverBatches } from './store/disclosure-batches.ts'

const batchData = z.object({ batch: z.string().transform(Number) })

/**
 * Where batches of disclosures go on, out of a log that is taken over. The disclosures are in no record, so there is no
 * table to be filled: only the count goes on, so that no number stands for two batches.
 */
export const disclosureBatchProjector: Projector = {
  kinds: ['disclosure_batch'],
  tables: [],
  project: async (_context, tx, records) => {
    await takeOverBatches(tx, Math.max(0, ...records.map(({ body }) => parseRecordData(batchData, body).batch)))
    return []
  },
}
