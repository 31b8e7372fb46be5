import { findProduct } from '../../catalog/find-product.ts'
import { listProducts } from '../../catalog/list-products.ts'
import type { Product } from '../../catalog/product.ts'
import type { ProductFilter } from '../../catalog/product-filter.ts'
import { builder, type GraphName } from '../builder.ts'
import { readerOf } from '../graph-context.ts'
import { productRiskType, productStatusType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'

const subGraphs: GraphName[] = ['partner', 'operations']

const attributeType = builder.objectRef<readonly [string, string]>('ProductAttribute').implement({
  description: 'One more thing that is said of a product.',
  subGraphs,
  authScopes: { scopeOrStaff: 'catalog:read' },
  fields: (t) => ({
    name: t.string({ description: 'What is said.', resolve: ([name]) => name }),
    value: t.string({ description: 'Its value.', resolve: ([, value]) => value }),
  }),
})

/** A product of the catalogue. */
export const productType = builder.objectRef<Product>('Product').implement({
  description: 'A product of the catalogue.',
  subGraphs,
  authScopes: { scopeOrStaff: 'catalog:read' },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    source: t.exposeString('source', { description: 'The system that knows it.' }),
    externalId: t.exposeString('externalId', { description: 'Its key in that system.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    category: t.exposeString('category', { description: 'Its category.' }),
    risk: t.expose('risk', { type: productRiskType, description: 'Its risk.' }),
    asset: t.exposeString('asset', { description: 'What it is traded in, e.g. CNY/2.' }),
    status: t.expose('status', { type: productStatusType, description: 'Whether it is offered.' }),
    attributes: t.field({
      type: [attributeType],
      description: 'What else is said of it, by name.',
      resolve: ({ attributes }) => Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
})

/** What a list of products is narrowed to. */
export const productFilterInput = builder.inputType('ProductFilter', {
  description: 'What a list of products is narrowed to; all that is given must hold.',
  subGraphs,
  fields: (t) => ({
    category: t.string({ description: 'Exactly this category.' }),
    risk: t.field({ type: productRiskType, description: 'Exactly this risk.' }),
    maxRisk: t.field({ type: productRiskType, description: 'This risk or less.' }),
    search: t.string({ description: 'A part of the name, in capitals or not.' }),
  }),
})

const products = connectionOf(productType, subGraphs)

builder.queryFields((t) => ({
  products: t.field({
    type: products,
    description:
      'Products that are offered, by name; to a partner, of the categories that it may see. Scope catalog:read.',
    subGraphs,
    authScopes: { scopeOrStaff: 'catalog:read' },
    args: { filter: t.arg({ type: productFilterInput, description: 'Which of them.' }), ...pageArgs },
    resolve: (_, { filter, ...args }, graph) =>
      listProducts(graph.context, { filter: filterOf(filter ?? {}), partner: readerOf(graph), page: pageIn(args) }),
  }),
  product: t.field({
    type: productType,
    nullable: true,
    description: 'A product by its id, or nothing. Scope catalog:read.',
    subGraphs,
    authScopes: { scopeOrStaff: 'catalog:read' },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, graph) => findProduct(graph.context, { id, partner: readerOf(graph) }),
  }),
}))

/** The same as the verbs take it. */
export function filterOf(
  filter: {
    readonly [Key in 'category' | 'risk' | 'maxRisk' | 'search']?: ProductFilter[Key] | null
  },
): ProductFilter {
  const { category, risk, maxRisk, search } = filter
  return {
    category: category ?? undefined,
    risk: risk ?? undefined,
    maxRisk: maxRisk ?? undefined,
    search: search ?? undefined,
  }
}
