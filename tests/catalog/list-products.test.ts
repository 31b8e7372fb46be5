import { beforeAll, describe, expect, it } from 'vitest'
import { findProduct } from '../../catalog/find-product.ts'
import { type ListProductsInput, listProducts } from '../../catalog/list-products.ts'
import { newId } from '../../kernel/ids.ts'
import { encodeCursor } from '../../kernel/pages.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { useWorld } from '../support/database.ts'
import { csvOf, importText } from './factories.ts'

const world = useWorld()

beforeAll(async () => {
  await createPartner(world.context, { code: 'harbour', name: 'Harbour', kind: 'BANK' })
  const text = csvOf([
    { id: '1', name: 'Alpha 100%', category: 'Equities', risk: 'R4' },
    { id: '2', name: 'Alpha 1000', category: 'Equities', risk: 'R5' },
    { id: '3', name: 'Beta_Cash', category: 'Cash', risk: 'R1', provider: 'harbour' },
    { id: '4', name: 'BetaXCash', category: 'Cash', risk: 'R1' },
    { id: '5', name: 'Same', category: 'Bonds', risk: 'R2', provider: 'harbour' },
    { id: '6', name: 'Same', category: 'Bonds', risk: 'R2' },
    { id: '7', name: 'Same', category: 'Bonds', risk: 'R3' },
    { id: '8', name: '中国股票', category: 'Equities', risk: 'R4' },
    { id: '9', name: 'C:\\Temp', category: 'Bonds', risk: 'R2' },
    { id: '10', name: 'Withdrawn', category: 'Bonds', risk: 'R1', status: 'WITHDRAWN' },
  ])
  await importText(world.context, text)
})

const ALL = ['Alpha 100%', 'Alpha 1000', 'BetaXCash', 'Beta_Cash', 'C:\\Temp', 'Same', 'Same', 'Same', '中国股票']

describe('the list of products', () => {
  it('goes by name and leaves out what was withdrawn', async () => {
    expect(await names({ page: { first: 100 } })).toEqual(ALL)
  })

  it.each([1, 2, 3, 4, 100])(
    'misses nobody and doubles nobody in pages of %d, though three have one name',
    async (size) => {
      const forwards: string[] = []
      let after: string | undefined
      for (;;) {
        const page = await listProducts(world.context, { page: { first: size, after } })
        forwards.push(...page.edges.map(({ node }) => node.id))
        if (!page.hasNextPage) break
        after = page.edges.at(-1)?.cursor
      }
      const backwards: string[] = []
      let before: string | undefined
      for (;;) {
        const page = await listProducts(world.context, { page: { last: size, before } })
        backwards.unshift(...page.edges.map(({ node }) => node.id))
        if (!page.hasPreviousPage) break
        before = page.edges[0]?.cursor
      }
      expect(new Set(forwards).size).toBe(ALL.length)
      expect(backwards).toEqual(forwards)
    },
  )

  it.each<[NonNullable<ListProductsInput['filter']>, readonly string[]]>([
    [{ category: 'Cash' }, ['BetaXCash', 'Beta_Cash']],
    [{ category: 'cash' }, []],
    [{ risk: 'R3' }, ['Same']],
    [{ maxRisk: 'R1' }, ['BetaXCash', 'Beta_Cash']],
    [{ maxRisk: 'R2', category: 'Bonds' }, ['C:\\Temp', 'Same', 'Same']],
    [{ maxRisk: 'R5' }, ALL],
    [{ search: 'alpha' }, ['Alpha 100%', 'Alpha 1000']],
    [{ search: '100%' }, ['Alpha 100%']],
    [{ search: 'a_c' }, ['Beta_Cash']],
    [{ search: '\\' }, ['C:\\Temp']],
    [{ search: '股票' }, ['中国股票']],
    [{ search: "'; drop table products; --" }, []],
  ])('is narrowed by %j', async (filter, expected) => {
    expect(await names({ filter, page: { first: 100 } })).toEqual(expected)
  })

  it('is narrowed to one provider', async () => {
    const { edges } = await listProducts(world.context, { filter: { search: 'beta_' }, page: { first: 1 } })
    const provider = edges[0]?.node.providerPartner ?? newId('ptr')
    expect(await names({ filter: { provider }, page: { first: 100 } })).toEqual(['Beta_Cash', 'Same'])
    expect(await names({ filter: { provider: newId('ptr') }, page: { first: 100 } })).toEqual([])
  })

  it.each<[string, object]>([
    ['an empty search', { search: ' ' }],
    ['a search with a NUL', { search: 'a\u0000' }],
    ['a search of 101 characters', { search: 'x'.repeat(101) }],
    ['a risk that is none', { maxRisk: 'R9' }],
    ['a provider that is no id', { provider: 'harbour' }],
    ['an unknown filter', { price: 1 }],
  ])('refuses %s', async (_, filter) => {
    await expect(listProducts(world.context, { filter, page: { first: 1 } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })

  it.each([encodeCursor(['Same']), encodeCursor(['Same', 'x']), encodeCursor(['Same', newId('ptr')]), 'x'])(
    'refuses the cursor %s',
    async (after) => {
      await expect(listProducts(world.context, { page: { first: 1, after } })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      })
    },
  )
})

describe('finding a product', () => {
  it.each(['', 'prd_1', newId('prd'), newId('ptr'), 'prd_\u0000'])('finds nothing under %j', async (id) => {
    expect(await findProduct(world.context, { id })).toBeUndefined()
  })
})

async function names(input: ListProductsInput): Promise<readonly string[]> {
  return (await listProducts(world.context, input)).edges.map(({ node }) => node.name)
}
