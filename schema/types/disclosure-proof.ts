import { type ProvenDisclosure, proveDisclosure } from '../../customers/prove-disclosure.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId } from '../../kernel/ids.ts'
import { hexOfAll } from '../../records/bundles/assemble-bundle.ts'
import type { Bundle } from '../../records/bundles/bundle.ts'
import { makeBundle } from '../../records/make-bundle.ts'
import { builder, type GraphName } from '../builder.ts'
import { customerOf, type GraphContext } from '../graph-context.ts'

const subGraphs: GraphName[] = ['customer', 'operations']
const authScopes = { customerOrCompliance: true } as const

const disclosureProofType = builder.objectRef<ProvenDisclosure>('DisclosureProof').implement({
  description: 'What proves one read of a customer’s data: its entry in a batch, whose root is a record in the log.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the disclosure.' }),
    row: t.exposeString('row', {
      description: 'What was kept of the read: the very text that is hashed, canonical JSON.',
    }),
    salt: t.string({ description: '32 bytes, hexadecimal.', resolve: ({ salt }) => salt.toString('hex') }),
    entry: t.string({
      description: 'SHA-256 of salt and row, hexadecimal: the entry in the batch.',
      resolve: ({ entry }) => entry.toString('hex'),
    }),
    record: t.id({
      nullable: true,
      description: 'The record of its batch; nothing until it is in one, within a second or so.',
      resolve: ({ place }) => place?.record,
    }),
    index: t.int({
      nullable: true,
      description: 'Its place in the batch, from 0.',
      resolve: ({ place }) => place?.index,
    }),
    count: t.int({ nullable: true, description: 'Of how many.', resolve: ({ place }) => place?.count }),
    hashes: t.stringList({
      nullable: true,
      description: 'From the leaf up to the batch’s root, each hexadecimal (RFC 9162 §2.1.3).',
      resolve: ({ place }) => place && hexOfAll(place.path),
    }),
    bundle: t.field({
      type: 'JSON',
      nullable: true,
      description: 'All of it with the record, its proof, checkpoint and key, for verify-bundle; nothing until signed.',
      resolve: (proven, _, graph) => bundleOf(graph, proven),
    }),
  }),
})

builder.queryFields((t) => ({
  disclosureProof: t.field({
    type: disclosureProofType,
    nullable: true,
    description: 'Proves one read: of the customer’s own data, or any (role compliance). Nothing for anything else.',
    subGraphs,
    authScopes,
    args: { id: t.arg.id({ required: true, description: 'Id of the disclosure.' }) },
    resolve: (_, { id }, graph) => {
      if (!isId('dis', id)) return null
      const own = graph.caller.kind === 'staff' ? {} : { accountKey: customerOf(graph).accountKey }
      return proveDisclosure(graph.context, { id, ...own })
    },
  }),
}))

async function bundleOf({ context }: GraphContext, { row, salt, place }: ProvenDisclosure): Promise<Bundle | null> {
  if (!place) return null
  const { record, index, count, path } = place
  try {
    const disclosure = { row, salt: salt.toString('hex'), index, count, proof: hexOfAll(path) }
    return { ...(await makeBundle(context, { record })), disclosure }
  } catch (error) {
    if (error instanceof Fault && error.code === 'NOT_READY') return null
    throw error
  }
}
