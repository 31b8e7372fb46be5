import type { ObjectRef } from '@pothos/core'
import type { PageInput, PageResult } from '../../kernel/pages.ts'
import { builder, GRAPHS, type GraphName } from '../builder.ts'

const pageInfo = builder.objectRef<PageInfo>('PageInfo').implement({
  description: 'Where a page lies in its list.',
  subGraphs: [...GRAPHS],
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more follows.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether more goes before.' }),
    startCursor: t.exposeString('startCursor', { nullable: true, description: 'Cursor of the first item.' }),
    endCursor: t.exposeString('endCursor', { nullable: true, description: 'Cursor of the last item.' }),
  }),
})

type PageInfo = {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | undefined
  readonly endCursor: string | undefined
}

/** The arguments of every list: `first` or `last`, from 1 to 100, must be given; `parsePage` refuses anything else. */
export const pageArgs = builder.args((t) => ({
  first: t.int({ description: 'Items from the start, 1 to 100. Either first or last is required.' }),
  after: t.string({ description: 'Begin behind this cursor; goes with first.' }),
  last: t.int({ description: 'Items from the end, 1 to 100.' }),
  before: t.string({ description: 'End before this cursor; goes with last.' }),
}))

/** The page out of a field's arguments, whatever else they hold. */
export function pageIn({ first, after, last, before }: PageInput): PageInput {
  return { first, after, last, before }
}

/** Connection and edge types over pages of a node. */
export function connectionOf<T>(
  node: ObjectRef<GraphTypesOf, T>,
  subGraphs: readonly GraphName[],
): ObjectRef<GraphTypesOf, PageResult<T>> {
  const edge = builder.objectRef<{ readonly node: T; readonly cursor: string }>(`${node.name}Edge`)
  edge.implement({
    description: `One ${node.name} of a list.`,
    subGraphs: [...subGraphs],
    fields: (t) => ({
      node: t.field({ type: node, description: 'The item.', resolve: (item) => item.node as never }),
      cursor: t.string({ description: 'Its place in the list, opaque.', resolve: ({ cursor }) => cursor }),
    }),
  })
  return builder.objectRef<PageResult<T>>(`${node.name}Connection`).implement({
    description: `A page of a list of ${node.name}.`,
    subGraphs: [...subGraphs],
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: 'The items, in the order of the list.',
        resolve: ({ edges }) => edges,
      }),
      pageInfo: t.field({ type: pageInfo, description: 'Where the page lies.', resolve: pageInfoOf }),
    }),
  })
}

type GraphTypesOf = (typeof builder)['$inferSchemaTypes']

function pageInfoOf({ edges, hasNextPage, hasPreviousPage }: PageResult<unknown>): PageInfo {
  return { hasNextPage, hasPreviousPage, startCursor: edges[0]?.cursor, endCursor: edges.at(-1)?.cursor }
}
