import fc from 'fast-check'
import { buildSchema, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { operationCost } from '../../../gateway/limits/operation-cost.ts'

const schema = buildSchema(`
  type Query { person(id: ID!, tags: [String!]): Person, people(first: Int, last: Int, after: String): PersonConnection!, count: Int!, any: Any }
  type Mutation { report(input: ReportInput!): ReportPayload! }
  input ReportInput { items: [ItemInput!]!, name: String }
  input ItemInput { name: String! }
  type ReportPayload { results: [Person!]!, again: Person }
  type PersonConnection { edges: [PersonEdge!]!, nodes: [Person!]!, total: Int! }
  type PersonEdge { node: Person! }
  type Person { name: String!, tags: [Tag!]!, friends(first: Int): PersonConnection!, best: Person }
  type Tag { key: String! }
  union Any = Person | Tag
`)

function cost(source: string, variables: Record<string, unknown> = {}, operationName?: string): number {
  return operationCost({ schema, document: parse(source), operationName, variables })
}

describe('an operation costs', () => {
  test.each<[string, number, Record<string, unknown>?]>([
    ['{ count }', 1],
    ['{ person(id: 1) { name } }', 1],
    ['{ a: person(id: 1) { name } b: person(id: 2) { name } }', 2],
    // the connection, its edges, their nodes
    ['{ people(first: 100) { edges { node { name } } } }', 201],
    ['{ people(last: 3) { nodes { name } } }', 4],
    ['query ($n: Int) { people(first: $n) { nodes { name } } }', 51, { n: 50 }],
    ['query ($n: Int = 7) { people(first: $n) { nodes { name } } }', 8],
    ['{ people(first: 10) { nodes { tags { key } } } }', 1 + 10 * (1 + 10)],
    ['{ people(first: 10) { nodes { friends(first: 20) { nodes { name } } } } }', 1 + 10 * (1 + 1 + 20)],
    ['query ($t: [String!]) { person(id: 1, tags: $t) { tags { key } } }', 3 + 1 + 3, { t: ['a', 'b', 'c'] }],
    ['{ ...All } fragment All on Query { people(first: 2) { ... { nodes { name } } } }', 3],
    ['{ any { ... on Person { tags { key } } ... on Tag { key } } }', 11],
    ['query ($s: Boolean!) { people(first: 100) @skip(if: $s) { nodes { name } } count }', 1, { s: true }],
    ['query ($s: Boolean!) { people(first: 100) @include(if: $s) { nodes { name } } count }', 102, { s: true }],
    ['{ __schema { types { name } } a: __type(name: "Tag") { name } }', 1000],
    ['{ __typename }', 1],
  ])('%s: %i', (source, points, variables) => {
    expect(cost(source, variables)).toBe(points)
  })

  test('a point for each thing that it is given, and for each that the answer to it may hold', () => {
    const items = Array.from({ length: 500 }, (_, name) => ({ name: `${name}` }))
    const report = (fields: string) =>
      cost(`mutation ($i: ReportInput!) { report(input: $i) { ${fields} } }`, { i: { items } })
    expect(report('__typename')).toBe(501)
    expect(report('results { name }')).toBe(1001)
  })

  test('one point when it cannot run', () => {
    expect(cost('query ($n: Int!) { people(first: $n) { nodes { name } } }')).toBe(1)
    expect(cost('{ count }', {}, 'other')).toBe(1)
    expect(cost('subscription { count }')).toBe(1)
  })

  test('never less for a larger page, and at least as much as it can give', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(20), (outer, inner, more) => {
        const source =
          'query ($a: Int, $b: Int) { people(first: $a) { edges { node { friends(first: $b) { nodes { name } } } } } }'
        const points = cost(source, { a: outer, b: inner })
        expect(points).toBe(1 + outer + outer + outer + outer * inner)
        expect(cost(source, { a: outer + more, b: inner })).toBeGreaterThanOrEqual(points)
      }),
    )
  })
})
