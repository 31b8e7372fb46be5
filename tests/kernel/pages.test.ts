import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeCursor, type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'

const list = Array.from({ length: 23 }, (_, index) => `k${String(index).padStart(2, '0')}`)

describe('pages of a list', () => {
  it('hold all of it once and in order, forwards', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (first) => {
        const seen: string[] = []
        let page = read({ first })
        seen.push(...nodes(page))
        while (page.hasNextPage) {
          page = read({ first, after: page.edges.at(-1)?.cursor })
          seen.push(...nodes(page))
        }
        expect(seen).toEqual(list)
      }),
    )
  })

  it('hold all of it once and in order, backwards', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (last) => {
        let page = read({ last })
        let seen = [...nodes(page)]
        while (page.hasPreviousPage) {
          page = read({ last, before: page.edges[0]?.cursor })
          seen = [...nodes(page), ...seen]
        }
        expect(seen).toEqual(list)
      }),
    )
  })

  it('are empty beyond the end, and say what lies behind', () => {
    expect(read({ first: 5, after: encodeCursor(['z']) })).toEqual({
      edges: [],
      hasNextPage: false,
      hasPreviousPage: true,
    })
    expect(read({ last: 5, before: encodeCursor(['a']) })).toEqual({
      edges: [],
      hasNextPage: true,
      hasPreviousPage: false,
    })
  })
})

describe('a page', () => {
  it.each<[string, PageInput]>([
    ['no size', {}],
    ['two sizes', { first: 1, last: 1 }],
    ['none', { first: 0 }],
    ['fewer than none', { last: -1 }],
    ['101', { first: 101 }],
    ['a half', { first: 1.5 }],
    ['not a number', { first: Number.NaN }],
    ['first with before', { first: 1, before: encodeCursor(['a']) }],
    ['last with after', { last: 1, after: encodeCursor(['a']) }],
    ['an empty cursor', { first: 1, after: '' }],
    ['a cursor that is no base64', { first: 1, after: '***' }],
    ['a cursor with too many keys', { first: 1, after: encodeCursor(['a', 'b']) }],
    ['a cursor with no key', { first: 1, after: encodeCursor([]) }],
    ['a cursor with a NUL', { first: 1, after: encodeCursor(['a\u0000']) }],
    ['a cursor with a number', { first: 1, after: raw(['c1', 1]) }],
    ['a cursor of another version', { first: 1, after: raw(['c2', 'a']) }],
    ['a cursor that is an object', { first: 1, after: raw({ 0: 'c1', 1: 'a', length: 2 }) }],
    ['a cursor of a megabyte', { first: 1, after: encodeCursor(['a'.repeat(1_000_000)]) }],
  ])('is refused with %s', (_, input) => {
    expect(() => parsePage(input, 1)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })

  it('takes null for what is not given', () => {
    expect(parsePage({ first: 3, after: null, last: null, before: null }, 1)).toEqual({
      limit: 3,
      direction: 'forward',
      cursor: undefined,
    })
  })

  it('reads its own cursors back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 100 }), { minLength: 1, maxLength: 3 }), (keys) => {
        fc.pre(keys.every((key) => !key.includes('\u0000') && key.length <= 500))
        expect(parsePage({ first: 1, after: encodeCursor(keys) }, keys.length).cursor).toEqual(keys)
      }),
    )
  })
})

/** What a store does for a page: one row more than asked, in the page's direction beyond its cursor. */
function read(input: PageInput): PageResult<string> {
  const page = parsePage(input, 1)
  const from = page.cursor?.[0]
  const forward = page.direction === 'forward'
  const ordered = forward ? list : list.toReversed()
  const rows = ordered
    .filter((key) => from === undefined || (forward ? key > from : key < from))
    .slice(0, page.limit + 1)
  return pageOf(page, rows, (key) => [key])
}

function nodes(page: PageResult<string>): readonly string[] {
  return page.edges.map(({ node }) => node)
}

function raw(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
