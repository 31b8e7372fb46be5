import { listProducts } from '../../catalog/list-products.ts'
import { type MatchedCustomer, matchProduct, type ProductMatch } from '../../catalog/match-product.ts'
import type { CustomerView } from '../../customers/customer-view.ts'
import { readMatchedCustomer } from '../../customers/read-matched-customer.ts'
import type { PageResult } from '../../kernel/pages.ts'
import { builder, type GraphName } from '../builder.ts'
import { type GraphContext, partnerOf } from '../graph-context.ts'
import { customerType } from './customer.ts'
import { suitabilityType } from './enums.ts'
import { connectionOf, pageArgs, pageIn } from './pages.ts'
import { filterOf, productFilterInput, productType } from './product.ts'

const subGraphs: GraphName[] = ['partner']
const authScopes = { scope: 'catalog:read' } as const

const productMatchType = builder.objectRef<ProductMatch>('ProductMatch').implement({
  description: 'A product as it stands to one customer.',
  subGraphs,
  authScopes,
  fields: (t) => ({
    product: t.field({ type: productType, description: 'The product.', resolve: ({ product }) => product }),
    suitability: t.expose('suitability', {
      type: suitabilityType,
      description: 'Whether it carries no more risk than the customer may take.',
    }),
    suitable: t.boolean({
      description: 'Whether it is SUITABLE; false also where that is not known.',
      resolve: ({ suitability }) => suitability === 'SUITABLE',
    }),
    recommended: t.exposeBoolean('recommended', {
      description:
        'Whether it may be recommended: it is suitable, and the customer has not switched recommendations off.',
    }),
  }),
})

const matches = connectionOf(productMatchType, subGraphs)

builder.objectField(customerType, 'products', (t) =>
  t.field({
    type: matches,
    description:
      'Products that are offered, by name, as they stand to this customer under this consent. Reads the tag risk_level, which is disclosed to the customer; where the consent does not cover it, suitability is UNKNOWN. Scope catalog:read.',
    subGraphs,
    authScopes,
    args: { filter: t.arg({ type: productFilterInput, description: 'Which of them.' }), ...pageArgs },
    resolve: async (view, { filter, ...args }, graph) => {
      const page = await listProducts(graph.context, { filter: filterOf(filter ?? {}), page: pageIn(args) })
      return matched(page, await customerOf(graph, view))
    },
  }),
)

const known = new WeakMap<GraphContext, Map<CustomerView, Promise<MatchedCustomer>>>()

/** Several lists of one customer in a request are matched with what one read gave. */
function customerOf(graph: GraphContext, view: CustomerView): Promise<MatchedCustomer> {
  const views = known.get(graph) ?? new Map<CustomerView, Promise<MatchedCustomer>>()
  known.set(graph, views)
  const found = views.get(view) ?? readMatchedCustomer(graph.context, { caller: partnerOf(graph), view })
  views.set(view, found)
  return found
}

function matched(
  { edges, ...page }: Awaited<ReturnType<typeof listProducts>>,
  customer: MatchedCustomer,
): PageResult<ProductMatch> {
  return { ...page, edges: edges.map(({ node, cursor }) => ({ node: matchProduct(node, customer), cursor })) }
}
