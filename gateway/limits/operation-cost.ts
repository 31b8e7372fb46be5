import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isCompositeType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type SelectionSetNode,
} from 'graphql'

/** An operation as it was asked. */
export type Asked = {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>> | undefined
}

/** What it costs to ask for the schema: all of it may be asked for by a few names. */
const SCHEMA_POINTS = 500

/** How many things a list is taken to hold when nothing says so. */
const ASSUMED_ITEMS = 10

type Walk = {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * What an operation may cost, before any of it runs: a point for each field at its root, for each object that it may give,
 * and for each thing in a list that it is given. A connection gives as many as `first` or `last` say, by the values of the
 * variables and not by their names; the lists of an answer to a list give as many as that; other lists are taken to give ten;
 * what is asked of the schema has a price of its own.
 * An operation that cannot run (its variables do not fit, there is none of that name) costs one point.
 */
export function operationCost({ schema, document, operationName, variables = {} }: Asked): number {
  const operation = getOperationAST(document, operationName)
  const root = operation && schema.getRootType(operation.operation)
  if (!operation || !root) return 1
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables)
  if (coerced === undefined) return 1
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  const walk: Walk = { schema, fragments, variables: coerced }
  let cost = 0
  forEachField(walk, operation.selectionSet, root, (field, type) => {
    cost += ofTheSchema(field) ? SCHEMA_POINTS : Math.max(1, fieldCost(walk, type, field, undefined))
  })
  return Math.max(1, cost)
}

/** What a field costs once; `items` is how many things the lists in it are known to hold. */
function fieldCost(walk: Walk, parent: GraphQLCompositeType, node: FieldNode, items: number | undefined): number {
  const field = fieldOf(parent, node)
  if (field === undefined) return 0
  const given = argumentsOf(walk, field, node)
  const listed = longestList(given)
  const named = getNamedType(field.type)
  if (!isCompositeType(named)) return listed
  const page = pageOf(given) ?? (listed > 0 ? listed : undefined)
  const count = holdsList(field.type) ? (page ?? items ?? ASSUMED_ITEMS) : 1
  let inner = 0
  // a list's own size is spent on it; what stands inside of a page or an answer may be as many as was asked for
  const inside = holdsList(field.type) ? undefined : page
  if (node.selectionSet) {
    forEachField(walk, node.selectionSet, named, (child, type) => {
      inner += fieldCost(walk, type, child, inside)
    })
  }
  return listed + count * (1 + inner)
}

function ofTheSchema({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type'
}

function fieldOf(parent: GraphQLCompositeType, { name }: FieldNode): GraphQLField<unknown, unknown> | undefined {
  return isUnionType(parent) ? undefined : parent.getFields()[name.value]
}

/** Arguments that do not fit are the executor's to refuse. */
function argumentsOf(
  { variables }: Walk,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): Readonly<Record<string, unknown>> {
  try {
    return getArgumentValues(field, node, variables)
  } catch {
    return {}
  }
}

function pageOf({ first, last }: Readonly<Record<string, unknown>>): number | undefined {
  const sizes = [first, last].filter((size) => typeof size === 'number')
  return sizes.length === 0 ? undefined : Math.max(0, ...sizes)
}

/** The length of the longest list among values, at whatever depth. */
function longestList(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? value.length : 0
  let longest = own
  for (const member of Object.values(value)) longest = Math.max(longest, longestList(member))
  return longest
}

function holdsList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}

/** Each field of a selection, fragments written out, but for those that are skipped; the document's own limits bound it. */
function forEachField(
  walk: Walk,
  { selections }: SelectionSetNode,
  type: GraphQLCompositeType,
  visit: (field: FieldNode, type: GraphQLCompositeType) => void,
): void {
  for (const node of selections) {
    if (isSkipped(walk, node)) continue
    switch (node.kind) {
      case Kind.FIELD:
        visit(node, type)
        break
      case Kind.INLINE_FRAGMENT:
        forEachField(walk, node.selectionSet, onType(walk, node.typeCondition?.name.value, type), visit)
        break
      case Kind.FRAGMENT_SPREAD: {
        const fragment = walk.fragments.get(node.name.value)
        if (fragment)
          forEachField(walk, fragment.selectionSet, onType(walk, fragment.typeCondition.name.value, type), visit)
        break
      }
    }
  }
}

function onType({ schema }: Walk, name: string | undefined, otherwise: GraphQLCompositeType): GraphQLCompositeType {
  const type = name === undefined ? undefined : schema.getType(name)
  return isCompositeType(type) ? type : otherwise
}

function isSkipped({ variables }: Walk, node: SelectionSetNode['selections'][number]): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] === false
  )
}
