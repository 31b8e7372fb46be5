import type { Transaction } from '../../database/client.ts'
import { type Beside, projectEach } from '../../records/project-each.ts'
import type { Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { tagKeysForWriting } from '../sealing/hold-tag-keys.ts'
import { selectDefinitions } from '../store/tag-definitions.ts'
import { keepSupplied } from './store/write-supplied.ts'
import { suppliedOf } from './supplied-record.ts'

/** What partners supplied, out of the log. Of customers who are erased there is nothing. What the broker knows is in no record. */
export const suppliedTagProjector: Projector = {
  kinds: ['supplied_tag'],
  tables: [
    {
      name: 'tags',
      key: ['customer_id', 'tag_key', 'supplier_id'],
      free: ['sealed', 'key_version'],
      where: 'supplier_id <> nobody()',
    },
  ],
  project: projectEach(projectOne),
}

/** A value waits for its tag's definition, which says whether it is sealed. */
async function projectOne(tx: Transaction, body: RecordBody, { context, personal }: Beside): Promise<boolean> {
  if (personal === undefined) return true
  const supplied = suppliedOf(body, personal)
  const [definition] = await selectDefinitions(tx, [supplied.key])
  if (definition === undefined) return false
  const keys = definition.sensitivity === 'HIGH' ? await tagKeysForWriting(context, tx) : undefined
  await keepSupplied(tx, { ...supplied, sealed: keys?.seal(supplied, supplied.value) }, new Date(body.at))
  return true
}
