import { hash } from 'node:crypto'
import { type Id, isId } from '../../kernel/ids.ts'
import { parseCount } from '../../kernel/parse.ts'
import { assembleBundle } from '../../records/bundles/assemble-bundle.ts'
import type { Bundle } from '../../records/bundles/bundle.ts'
import { findRecords } from '../../records/find-records.ts'
import { proveGrowth } from '../../records/prove-growth.ts'
import { inclusionPaths } from '../../records/prove-records.ts'
import type { FoundRecord } from '../../records/store/found-records.ts'
import { batched } from '../batched.ts'
import { builder, type GraphName } from '../builder.ts'
import { type GraphContext, partnerOf } from '../graph-context.ts'
import { perRequest } from '../per-request.ts'
import { checkpointNow, inclusionProofType, type PathInTree, verifierFor } from './checkpoint.ts'

const subGraphs: GraphName[] = ['partner', 'operations']
const authScopes = { recordReader: true } as const

/** A record of the log, as whoever may have it sees it. */
export const recordType = builder.objectRef<FoundRecord>('Record').implement({
  description: 'One fact in the log, with what it takes to prove it without us.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    kind: t.exposeString('kind', { description: 'What it is about.' }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When it was written.' }),
    seq: t.string({
      nullable: true,
      description: 'Its number in the log from 1, a whole number; nothing until it is sealed, within a second or so.',
      resolve: ({ seq }) => (seq === undefined ? null : String(seq)),
    }),
    signedAt: t.expose('signedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first checkpoint that covers it was signed.',
    }),
    body: t.exposeString('body', { description: 'What was recorded: the very text that is hashed, canonical JSON.' }),
    salt: t.string({ description: '16 bytes, hexadecimal.', resolve: ({ salt }) => salt.toString('hex') }),
    commitment: t.string({
      description: 'SHA-256 of salt and body, hexadecimal: the entry in the public log.',
      resolve: ({ salt, body }) => hash('sha256', Buffer.concat([salt, Buffer.from(body)]), 'hex'),
    }),
    proof: t.field({
      type: inclusionProofType,
      nullable: true,
      description: 'That it stands in the log; nothing while no checkpoint (or not the one asked for) covers it.',
      args: { checkpointSize: t.arg.string({ description: 'Against a checkpoint of this size; else the latest.' }) },
      resolve: (record, { checkpointSize }, graph) => proofOf(graph, record, checkpointSize ?? undefined),
    }),
    bundle: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Record, proof, checkpoint and key in one document, for verify-bundle; nothing as for proof.',
      args: {
        olderCheckpoint: t.arg.string({
          description: 'A checkpoint that was kept: the document then proves that the log has only grown since.',
        }),
      },
      resolve: (record, { olderCheckpoint }, graph) => bundleOf(graph, record, olderCheckpoint ?? undefined),
    }),
  }),
})

/** A record that the caller may have; one of another partner's is as one that is not there, by the same statement. */
export const recordOf = batched(async (graph: GraphContext, ids): Promise<ReadonlyMap<string, FoundRecord>> => {
  const partner = graph.caller.kind === 'staff' ? undefined : partnerOf(graph).partner
  const asked = ids.filter((id): id is Id<'rec'> => isId('rec', id))
  const found = await findRecords(graph.context, { ids: asked, partner })
  return new Map(found.map((record) => [record.id, record]))
})

builder.queryFields((t) => ({
  record: t.field({
    type: recordType,
    nullable: true,
    description: 'A record by its id: a partner’s own (scope statements:read), or any (roles finance and compliance).',
    subGraphs,
    authScopes,
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, graph) => recordOf(graph, id),
  }),
}))

async function proofOf(graph: GraphContext, { seq }: FoundRecord, asked?: string): Promise<PathInTree | null> {
  const latest = await checkpointNow(graph, '')
  const size = asked === undefined ? (latest?.size ?? 0) : parseCount(asked, 'checkpointSize')
  if (seq === undefined || seq > size) return null
  const index = seq - 1
  const path = await pathOf(graph, `${index}/${size}`)
  return path === undefined ? null : { index, size, path }
}

async function bundleOf(graph: GraphContext, record: FoundRecord, olderCheckpoint?: string): Promise<Bundle | null> {
  const checkpoint = await checkpointNow(graph, '')
  const proof = await proofOf(graph, record)
  if (!checkpoint || !proof) return null
  const { body, salt } = record
  return assembleBundle({
    record: { body, salt, seq: proof.index + 1 },
    path: proof.path,
    checkpoint,
    key: await verifierFor(graph, checkpoint.note),
    ...(olderCheckpoint === undefined ? {} : { earlier: await growthSince(graph, olderCheckpoint) }),
  })
}

/** Paths of places in trees, `index/size`: those in one tree are read together. */
const pathOf = batched(async ({ context }: GraphContext, keys): Promise<ReadonlyMap<string, readonly Buffer[]>> => {
  const bySize = Map.groupBy(keys, (key) => Number(key.split('/')[1]))
  const found = new Map<string, readonly Buffer[]>()
  for (const [size, some] of bySize) {
    const paths = await inclusionPaths(
      context,
      some.map((key) => Number(key.split('/')[0])),
      size,
    )
    for (const [place, key] of some.entries()) found.set(key, paths[place] ?? [])
  }
  return found
})

const growthSince = perRequest(async (graph: GraphContext, olderCheckpoint) => {
  const latest = await checkpointNow(graph, '')
  return proveGrowth(graph.context, { olderCheckpoint, size: latest?.size ?? 0 })
})
