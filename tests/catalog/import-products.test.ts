import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { findProduct } from '../../catalog/find-product.ts'
import { listProducts } from '../../catalog/list-products.ts'
import type { Product } from '../../catalog/product.ts'
import type { Context } from '../../database/context.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { createWorld, TEST_TIME, useWorld } from '../support/database.ts'
import { csvOf, importText, plainMapping } from './factories.ts'

const world = useWorld()

describe('importing products', () => {
  it('creates them with what the mapping says', async () => {
    const { context } = world
    const provider = await createPartner(context, { code: 'harbour', name: 'Harbour', kind: 'BANK' })
    const report = await importText(
      context,
      csvOf([{ id: 'new-1', name: ' Golden Dragon ', provider: 'harbour', family: 'Dragons' }]),
    )
    expect(report).toMatchObject({ rows: 1, created: 1, changed: 0, unchanged: 0, refused: 0 })
    const product = await named(context, 'Golden Dragon')
    expect(product).toEqual({
      id: expect.stringMatching(/^prd_[0-9a-f]{32}$/),
      source: 'shelf',
      externalId: 'new-1',
      name: 'Golden Dragon',
      category: 'Equities',
      risk: 'R3',
      asset: 'CNY/2',
      providerPartner: provider.id,
      attributes: { family: 'Dragons' },
      status: 'ACTIVE',
      updatedAt: new Date(TEST_TIME),
    })
    expect(await findProduct(context, { id: product?.id ?? '' })).toEqual(product)
  })

  it('a second time changes nothing, and writes no record of a product', async () => {
    const { context } = world
    const text = csvOf([{ id: 'twice-1' }, { id: 'twice-2', family: 'Dragons' }])
    await importText(context, text)
    const before = await shelf(context)
    expect(await importText(context, text)).toMatchObject({ created: 0, changed: 0, unchanged: 2 })
    expect(await shelf(context)).toEqual(before)
  })

  it('changes only what the file has otherwise, and keeps the product’s id', async () => {
    const { context } = world
    await importText(context, csvOf([{ id: 'change-1', risk: 'R2' }, { id: 'change-2' }]))
    const before = await named(context, 'Fund change-1')
    expect(await importText(context, csvOf([{ id: 'change-1', risk: 'R4' }, { id: 'change-2' }]))).toMatchObject({
      changed: 1,
      unchanged: 1,
    })
    expect(await named(context, 'Fund change-1')).toEqual({ ...before, risk: 'R4' })
    const records = await recordsOf(context, before?.id ?? '')
    expect(records).toEqual([
      expect.objectContaining({ event: 'CREATED', risk: 'R2', externalId: 'change-1' }),
      expect.objectContaining({ event: 'CHANGED', risk: 'R4', externalId: 'change-1' }),
    ])
  })

  it('withdraws a product by its status: it is listed no more, but still found', async () => {
    const { context } = world
    await importText(context, csvOf([{ id: 'gone-1' }]))
    const product = await named(context, 'Fund gone-1')
    await importText(context, csvOf([{ id: 'gone-1', status: 'WITHDRAWN' }]))
    expect(await named(context, 'Fund gone-1')).toBeUndefined()
    expect(await findProduct(context, { id: product?.id ?? '' })).toMatchObject({ status: 'WITHDRAWN' })
    const [fact] = await context.database
      .reads`select source, external_id, category, risk from product_facts where external_id = 'gone-1'`
    expect(fact).toEqual({ source: 'shelf', external_id: 'gone-1', category: 'Equities', risk: 3 })
  })

  it('holds the later of two lines about one product', async () => {
    const { context } = world
    const report = await importText(
      context,
      csvOf([{ id: 'line-1', risk: 'R1' }, { id: 'line-2' }, { id: 'line-1', risk: 'R5' }]),
    )
    expect(report).toMatchObject({ created: 2, changed: 1 })
    expect(await named(context, 'Fund line-1')).toMatchObject({ risk: 'R5' })
  })

  it('keeps products of two sources apart', async () => {
    const { context } = world
    await importText(context, csvOf([{ id: 'same-id', name: 'Apart' }]))
    const report = await importText(context, csvOf([{ id: 'same-id', name: 'Apart' }]), {
      mapping: { ...plainMapping, source: 'other shelf' },
    })
    expect(report).toMatchObject({ created: 1 })
  })

  it.each([
    ['no name', { name: ' ' }, 'name', 'product: name: the row has no value for it'],
    ['no id', { id: '' }, 'externalId', 'product: externalId: the row has no value for it'],
    ['a risk of its own', { risk: 'R6' }, 'risk', 'product: risk: it is not one of R1 to R5'],
    ['no asset', { asset: '' }, 'asset', 'product: asset: the row has no value for it'],
    ['a currency for an asset', { asset: 'CNY' }, 'asset', 'product: asset: it is not an asset such as CNY/2'],
    ['a status of its own', { status: 'SOLD' }, 'status', 'product: status: it is neither ACTIVE nor WITHDRAWN'],
    [
      'an unknown provider',
      { provider: 'nobody' },
      'providerPartner',
      'there is no partner with the code of its provider',
    ],
    ['a name over 300 characters', { name: 'n'.repeat(301) }, 'name', 'product: name: it has more than 300 characters'],
    [
      'an attribute over 500 characters',
      { family: 'f'.repeat(501) },
      'attributes.family',
      'product: attributes.family: it has more than 500 characters',
    ],
  ])('refuses a row with %s, says why, and takes the rest', async (_, fault, field, message) => {
    const { context, close } = await createWorld()
    try {
      const report = await importText(context, csvOf([{ id: 'good-1' }, { id: 'bad', ...fault }, { id: 'good-2' }]))
      expect(report).toMatchObject({ rows: 3, created: 2, refused: 1, firstRefused: [{ line: 3, field, message }] })
      expect((await shelf(context)).length).toBe(2)
    } finally {
      await close()
    }
  })

  it('refuses every row of a file that lacks a column of the mapping, rather than take its default', async () => {
    const report = await importText(world.context, 'id,name,risk,asset,provider,status,family\nx-1,X,R1,CNY/2,,,\n')
    expect(report).toMatchObject({
      created: 0,
      refused: 1,
      firstRefused: [{ message: 'the file has no column "category", which the mapping reads' }],
    })
  })

  it('takes objects, one a line, whose members may be absent', async () => {
    const { context } = world
    const lines = [
      { id: 4711, name: 'By number', risk: 'R1', asset: 'PTS/0' },
      { id: 'x', name: ['no', 'text'], risk: 'R1', asset: 'PTS/0' },
    ]
    const report = await importText(context, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {
      extension: 'ndjson',
    })
    expect(report).toMatchObject({ created: 1, refused: 1, firstRefused: [{ line: 2, field: 'name' }] })
    expect(await named(context, 'By number')).toMatchObject({ externalId: '4711', category: 'Other', attributes: {} })
  })

  it('lets two imports at once end in one catalogue', async () => {
    const { context, close } = await createWorld()
    try {
      const rows = Array.from({ length: 300 }, (_, index) => ({ id: `both-${index}` }))
      const reports = await Promise.all([
        importText(context, csvOf(rows)),
        importText(context, csvOf(rows.toReversed())),
      ])
      expect(reports[0].created + reports[1].created).toBe(300)
      expect(reports[0].unchanged + reports[1].unchanged).toBe(300)
      expect(await shelf(context)).toHaveLength(300)
    } finally {
      await close()
    }
  })
})

describe('a mapping of products', () => {
  it.each([
    ['text', 'mapping'],
    ['another format', { ...plainMapping, format: 'tributary-products/2' }],
    ['an unknown word', { ...plainMapping, price: { column: 'price' } }],
    ['no source', { ...plainMapping, source: '' }],
    ['no name', { ...plainMapping, name: undefined }],
    ['an expression of nothing', { ...plainMapping, name: {} }],
    ['an attribute with a name of its own', { ...plainMapping, attributes: { 'a b': { constant: 'x' } } }],
    [
      'too many attributes',
      {
        ...plainMapping,
        attributes: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`a${index}`, { constant: 'x' }])),
      },
    ],
  ])('is refused with %s', async (_, mapping) => {
    await expect(importText(world.context, csvOf([]), { mapping })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('in the example fits files of funds', async () => {
    const { context, close } = await createWorld()
    try {
      const mapping: unknown = JSON.parse(
        await readFile(new URL('../../examples/funds.mapping.json', import.meta.url), 'utf8'),
      )
      const report = await importText(context, FUNDS, { mapping })
      expect(report).toMatchObject({
        rows: 7,
        created: 5,
        refused: 2,
        firstRefused: [
          { line: 7, field: 'name' },
          { line: 8, field: 'asset' },
        ],
      })
      const products = await shelf(context)
      expect(products.map(({ externalId, category, risk, asset }) => [externalId, category, risk, asset])).toEqual([
        ['0P1.HK', 'Equities', 'R4', 'HKD/2'],
        ['0P2.HK', 'Cash', 'R1', 'HKD/2'],
        ['0P3.TO', 'Unclassified', 'R5', 'CAD/2'],
        ['0P4.T', 'Fixed Income', 'R3', 'JPY/0'],
        ['0P5.L', 'Sectors', 'R4', 'GBP/2'],
      ])
      expect(products[0]?.attributes).toEqual({
        class: 'Emerging Markets',
        family: 'Harbour Asset Management',
        exchange: 'HKG',
      })
    } finally {
      await close()
    }
  })
})

const FUNDS = `symbol,name,currency,category_group,category,family,exchange
0P1.HK,Golden Dragon,HKD,Equities,Emerging Markets,Harbour Asset Management,HKG
0P2.HK,Dollar Money Market,HKD,Cash,Money Market Instruments,Harbour Asset Management,HKG
0P3.TO,Of No Class,CAD,,,Maple,TOR
0P4.T,Yen High Yield,JPY,Fixed Income,High Yield Bonds,Sakura,JPX
0P5.L,"Health, and Care",GBP,Health Care,Health Care,Thames,LSE
0P6.L,,GBP,Equities,Blend,Thames,LSE
0P7.L,In Doubloons,XDB,Equities,Blend,Thames,LSE
`

async function shelf(context: Context): Promise<readonly Product[]> {
  const rows = await context.database.reads<{ id: string }[]>`
    select 'prd_' || replace(id::text, '-', '') as id from products order by source, external_id`
  const products = await Promise.all(rows.map(({ id }) => findProduct(context, { id })))
  return products.filter((product) => product !== undefined)
}

async function named(context: Context, name: string): Promise<Product | undefined> {
  const { edges } = await listProducts(context, { filter: { search: name }, page: { first: 10 } })
  return edges.find(({ node }) => node.name === name)?.node
}

async function recordsOf(context: Context, id: string): Promise<readonly unknown[]> {
  const rows = await context.database.reads<{ data: unknown }[]>`
    select body::jsonb -> 'data' as data from records where kind = 'product' and position(${id} in body) > 0 order by tx_id, id`
  return rows.map(({ data }) => data)
}
