import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import { idText, parseRecordData, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import { type Beside, projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectRecipient } from '../store/recipients.ts'
import { renameBatch } from './rotate-subjects.ts'
import { insertGeneration } from './store/rotations.ts'

/**
 * Which names partners' customers have, out of the log. Whether a consent is read before or after a rotation beside it, in the
 * end all have the names of the newest generation.
 */
export const rotationProjector: Projector = {
  kinds: ['subject_rotation'],
  tables: [{ name: 'subject_generations', key: ['partner_id', 'generation'] }],
  project: projectEach(projectOne),
}

const rotationData = z.object({
  event: z.literal('BEGUN'),
  partner: idText('ptr'),
  generation: wholeNumber,
  overlapEnds: timeText,
})

async function projectOne(tx: Transaction, body: RecordBody, { context }: Beside): Promise<boolean> {
  const { partner, generation, overlapEnds: overlapEndsAt } = parseRecordData(rotationData, body)
  if ((await selectRecipient(tx, { id: partner })) === undefined) return false
  await insertGeneration(tx, { partner, generation, overlapEndsAt, begunAt: new Date(body.at), record: body.id })
  while ((await renameBatch(context, tx, { partner, generation, overlapEndsAt }, 1000)) > 0);
  return true
}
