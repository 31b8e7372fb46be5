import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import SchemaBuilder from '@pothos/core'
import { GraphQLSchema, graphql } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { expect, test } from 'vitest'
import { checkoutRoot } from '../../tools/checkout-root.ts'

const { resolve } = createRequire(import.meta.url)

test('the lock file holds one copy of graphql', () => {
  expect(lockedCopiesOf('graphql')).toEqual(['node_modules/graphql'])
})

test.each(['@pothos/core', 'graphql-yoga', '@graphql-tools/executor'])('%s finds the copy that we find', (name) => {
  const theirs = createRequire(resolve(name)).resolve('graphql')
  expect(theirs).toBe(resolve('graphql'))
})

test('a schema made by Pothos is a schema to graphql, inside vitest too', async () => {
  const schema = greetingSchema()
  expect(schema).toBeInstanceOf(GraphQLSchema)
  const { data, errors } = await graphql({ schema, source: '{ greeting }' })
  expect({ data, errors }).toEqual({ data: { greeting: 'hello' }, errors: undefined })
})

test('a schema made by Pothos is served by yoga', async () => {
  const yoga = createYoga({ schema: greetingSchema(), logging: false })
  const response = await yoga.fetch('http://localhost/graphql?query=%7Bgreeting%7D')
  expect(await response.json()).toEqual({ data: { greeting: 'hello' } })
})

function greetingSchema(): GraphQLSchema {
  // the house's own plugins are known to the types wherever one of them is imported
  const builder = new SchemaBuilder({ scopeAuth: { authScopes: () => ({}) } })
  builder.queryType({ fields: (t) => ({ greeting: t.string({ resolve: () => 'hello' }) }) })
  return builder.toSchema()
}

function lockedCopiesOf(name: string): readonly string[] {
  const lock: { readonly packages: Readonly<Record<string, unknown>> } = JSON.parse(
    readFileSync(join(checkoutRoot, 'package-lock.json'), 'utf8'),
  )
  return Object.keys(lock.packages).filter((path) => path === `node_modules/${name}` || path.endsWith(`/${name}`))
}
