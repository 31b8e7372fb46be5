import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql'

/** How large one document may be, fragments written out. Cost by objects resolved is the schema's own to limit. */
export const DOCUMENT_LIMITS = { tokens: 5000, depth: 20, fields: 600, aliases: 100, rootFields: 50 } as const

type Size = { readonly depth: number; readonly fields: number; readonly aliases: number }

const NOTHING: Size = { depth: 0, fields: 0, aliases: 0 }

/**
 * Refuses a document that is too large, before validation (whose work grows with the square of fields of one name), and a
 * text in it that no database keeps. Cyclic fragments count once: validation refuses them. Throws `GraphQLError` with the
 * code `DOCUMENT_TOO_LARGE` or `INVALID_INPUT`.
 */
export function assertDocumentLimits(document: DocumentNode): void {
  refuseNul(document)
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  const sizes = new Map<string, Size>()
  // a fragment that nobody spreads is validated as well, and costs as much
  for (const name of fragments.keys()) assertSize(sizeOfFragment(name, fragments, sizes))
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue
    assertLimit('rootFields', node.selectionSet.selections.length, 'fields at its root')
    assertSize(sizeOf(node.selectionSet, fragments, sizes))
  }
}

function assertSize({ depth, fields, aliases }: Size): void {
  assertLimit('depth', depth, 'levels')
  assertLimit('fields', fields, 'fields')
  assertLimit('aliases', aliases, 'aliases')
}

function assertLimit(name: keyof typeof DOCUMENT_LIMITS, value: number, what: string): void {
  const limit = DOCUMENT_LIMITS[name]
  if (value <= limit) return
  throw new GraphQLError(`a document has at most ${limit} ${what}, fragments written out`, {
    extensions: { code: 'DOCUMENT_TOO_LARGE', http: { status: 400, spec: true } },
  })
}

/** Each fragment is measured once, however often it is spread: nested doubling would otherwise take exponential time. */
function sizeOfFragment(
  name: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  sizes: Map<string, Size>,
): Size {
  const known = sizes.get(name)
  if (known) return known
  const fragment = fragments.get(name)
  if (!fragment) return NOTHING
  sizes.set(name, NOTHING)
  const size = sizeOf(fragment.selectionSet, fragments, sizes)
  sizes.set(name, size)
  return size
}

function sizeOf(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  sizes: Map<string, Size>,
): Size {
  let { depth, fields, aliases } = NOTHING
  for (const node of selections) {
    const field = node.kind === Kind.FIELD ? 1 : 0
    const inner =
      node.kind === Kind.FRAGMENT_SPREAD
        ? sizeOfFragment(node.name.value, fragments, sizes)
        : node.selectionSet
          ? sizeOf(node.selectionSet, fragments, sizes)
          : NOTHING
    depth = Math.max(depth, inner.depth + field)
    fields += inner.fields + field
    aliases += inner.aliases + (node.kind === Kind.FIELD && node.alias ? 1 : 0)
  }
  return { depth, fields, aliases }
}

function refuseNul(document: DocumentNode): void {
  visit(document, {
    StringValue({ value }) {
      if (!value.includes('\u0000')) return
      throw new GraphQLError('a text in the document has a NUL character', {
        extensions: { code: 'INVALID_INPUT', http: { status: 400, spec: true } },
      })
    },
  })
}
