import { parseCount } from '../../kernel/parse.ts'
import { hexOfAll } from '../../records/bundles/assemble-bundle.ts'
import { originOf, verifierOf } from '../../records/log-verifier.ts'
import { consistencyProof, inclusionPaths } from '../../records/prove-records.ts'
import { latestCheckpoint } from '../../records/sign-checkpoint.ts'
import type { Checkpoint } from '../../records/store/checkpoints.ts'
import { builder, GRAPHS } from '../builder.ts'
import type { GraphContext } from '../graph-context.ts'
import { perRequest } from '../per-request.ts'

/* What is here is public: it is served to anybody under /transparency, and so to every caller. */
const subGraphs = [...GRAPHS]

/** The latest checkpoint, the same for the whole of a request. */
export const checkpointNow = perRequest(({ context }: GraphContext) => latestCheckpoint(context))

/** The key of the log that a note names. */
export const verifierFor = perRequest(({ context }: GraphContext, note) => verifierOf(context, note))

const checkpointType = builder.objectRef<Checkpoint>('Checkpoint').implement({
  description: 'A signed head of the log: how many records, and the root over them (C2SP tlog-checkpoint).',
  subGraphs,
  fields: (t) => ({
    origin: t.string({ description: 'The log’s name.', resolve: ({ note }) => originOf(note) }),
    size: t.string({ description: 'How many records, a whole number.', resolve: ({ size }) => String(size) }),
    root: t.string({
      description: 'The root over them, hexadecimal.',
      resolve: ({ root }) => root.toString('hex'),
    }),
    note: t.exposeString('note', { description: 'The signed note: what to keep, and to compare with others.' }),
    key: t.string({
      description: 'The public key that checks it: get it once from elsewhere too.',
      resolve: ({ note }, _, graph) => verifierFor(graph, note),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was signed.' }),
  }),
})

/** That a leaf stands in a tree of a size: its place and the path from the leaf up. */
export type PathInTree = { readonly index: number; readonly size: number; readonly path: readonly Buffer[] }

export const inclusionProofType = builder.objectRef<PathInTree>('InclusionProof').implement({
  description: 'That an entry stands in the log of a size (RFC 9162 §2.1.3).',
  subGraphs,
  fields: (t) => ({
    index: t.string({ description: 'Its place from 0, a whole number.', resolve: ({ index }) => String(index) }),
    size: t.string({ description: 'Of how many, a whole number.', resolve: ({ size }) => String(size) }),
    hashes: t.stringList({
      description: 'From the leaf up to the root, each hexadecimal.',
      resolve: ({ path }) => hexOfAll(path),
    }),
  }),
})

builder.queryFields((t) => ({
  checkpoint: t.field({
    type: checkpointType,
    nullable: true,
    description: 'The latest signed head of the log; nothing before the first.',
    subGraphs,
    resolve: (_, __, graph) => checkpointNow(graph, ''),
  }),
  inclusionProof: t.field({
    type: inclusionProofType,
    description: 'Proves the entry in a place, in the log of a size; counted as text, since they may be large.',
    subGraphs,
    args: {
      index: t.arg.string({ required: true, description: 'The place, from 0.' }),
      size: t.arg.string({ required: true, description: 'A checkpoint’s size.' }),
    },
    resolve: async (_, args, { context }) => {
      const [index, size] = [parseCount(args.index, 'index'), parseCount(args.size, 'size')]
      const [path = []] = await inclusionPaths(context, [index], size)
      return { index, size, path }
    },
  }),
  consistencyProof: t.stringList({
    description: 'Proves that the log of a size begins with the log of a smaller one (RFC 9162 §2.1.4): hexadecimal.',
    subGraphs,
    args: {
      from: t.arg.string({ required: true, description: 'Size of the earlier checkpoint.' }),
      to: t.arg.string({ required: true, description: 'Size of the later one.' }),
    },
    resolve: async (_, { from, to }, { context }) =>
      hexOfAll(await consistencyProof(context, parseCount(from, 'from'), parseCount(to, 'to'))),
  }),
}))
