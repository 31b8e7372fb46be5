import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvRows, MOST_LINES_OF_A_ROW, parseHeader } from '../../../records/import/csv-rows.ts'

const three = { delimiter: ',', columns: 3 }

/** Rows as `line:cells` or `line:!reason`, lines from 0. */
function read(text: string, shape = three): readonly string[] {
  return csvRows(text.split('\n'), shape, true).rows.map((row) =>
    'cells' in row ? `${row.offset}:${row.cells.join('|')}` : `${row.offset}:!${row.reason}`,
  )
}

describe('rows of a CSV file', () => {
  test('are cells, quoted or not', () => {
    expect(read('a,b,c\n"d","e ""x"", f",\n,,')).toEqual(['0:a|b|c', '1:d|e "x", f|', '2:||'])
  })

  test('may span lines where they are quoted', () => {
    expect(read('a,"b\nb\n\nb",c\nd,e,f')).toEqual(['0:a|b\nb\n\nb|c', '4:d|e|f'])
    expect(read('a,"b\n""q"" x","c\nc"\nd,e,f')).toEqual(['0:a|b\n"q" x|c\nc', '3:d|e|f'])
  })

  test('may stand between blank lines', () => {
    expect(read('\na,b,c\n\n\nd,e,f\n')).toEqual(['1:a|b|c', '4:d|e|f'])
  })

  test.each([
    ['a,b', '0:!the line has 2 cells where the header has 3'],
    ['a,b,c,d', '0:!the line has 4 cells where the header has 3'],
    ['"a","b"', '0:!the line has 2 cells where the header has 3'],
    ['a,"b"x,c', '0:!a quote stands where none may'],
    ['a,b"x",c', '0:!a quote stands where none may'],
    ['a,"b,c', '0:!a quote is not closed'],
    ['a,b",c', '0:!a quote is not closed'],
    ['"a,b,c', '0:!a quote is not closed'],
    ['a,b,"c', '0:!a quote is not closed'],
    ['"a""b",c,"d', '0:!a quote is not closed'],
  ])('the broken line %j costs itself and nothing else', (line, refusal) => {
    const after = ['d,e,f', '"g","h","i"', 'j,"k\nk",l']
    expect(read([line, ...after].join('\n'))).toEqual([refusal, '1:d|e|f', '2:g|h|i', '3:j|k\nk|l'])
    expect(read(['x,y,z', line, line, ...after].join('\n'))).toHaveLength(6)
  })

  test('a line that is no UTF-8 ends the quote that was open before it', () => {
    const { rows } = csvRows(['a,"b', undefined, 'd,e,f'], three, true)
    expect(rows).toMatchObject([
      { offset: 0, reason: 'a quote is not closed' },
      { offset: 1 },
      { cells: ['d', 'e', 'f'] },
    ])
  })

  test('a quote open for a hundred lines is broken', () => {
    const span = (lines: number) => `a,"${'x\n'.repeat(lines - 1)}",c`
    expect(read(span(MOST_LINES_OF_A_ROW))).toHaveLength(1)
    expect(read(span(MOST_LINES_OF_A_ROW + 1))[0]).toBe('0:!a quote is not closed')
  })

  test('other delimiters are taken', () => {
    expect(read('a;"b;b";c', { delimiter: ';', columns: 3 })).toEqual(['0:a|b;b|c'])
    expect(read('a\tb,b\tc', { delimiter: '\t', columns: 3 })).toEqual(['0:a|b,b|c'])
  })
})

describe('rows that were written soundly', () => {
  // a cell has commas or line breaks: with both, a line inside it could be a row by itself
  const spanning = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\n', '风', "'"), maxLength: 8 })
  const flat = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', '风', "'"), maxLength: 8 })
  const quote = (text: string, always: boolean) =>
    always || /["\n,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  const row = fc.oneof(fc.tuple(spanning, spanning, spanning), fc.tuple(flat, flat, flat))
  const written = fc.array(fc.record({ cells: row, always: fc.boolean() }), { maxLength: 30 })
  const textOf = (rows: readonly { cells: readonly string[]; always: boolean }[]) =>
    rows.map(({ cells, always }) => cells.map((text) => quote(text, always)).join(',')).join('\n')

  test('are read as they were', () => {
    fc.assert(
      fc.property(written, (rows) => {
        const found = csvRows(textOf(rows).split('\n'), three, true).rows
        expect(found.map((each) => ('cells' in each ? each.cells : each))).toEqual(rows.map(({ cells }) => cells))
      }),
    )
  })

  test('are the same read whole or in pieces, with broken lines among them', () => {
    const broken = fc.constantFrom('a,"b,c', 'x,y', '"a"b,c,d', 'a,b",c')
    fc.assert(
      fc.property(written, fc.array(broken, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (rows, bad, most) => {
        const lines = [...textOf(rows).split('\n'), ...bad, ...textOf(rows.slice(0, 3)).split('\n')]
        const whole = csvRows(lines, three, true).rows
        const pieces: unknown[] = []
        let size = most
        for (let at = 0; at < lines.length; ) {
          const last = at + size >= lines.length
          const { rows: some, done } = csvRows(lines.slice(at, at + size), three, last)
          pieces.push(...some.map((each) => ({ ...each, offset: each.offset + at })))
          at += done
          size = done === 0 ? size * 2 : most
        }
        expect(pieces).toEqual(whole)
      }),
    )
  })
})

describe('a header line', () => {
  test('names the columns', () => {
    expect(parseHeader('key,"the ""value""",x', ',')).toEqual(['key', 'the "value"', 'x'])
  })

  test.each([undefined, '', 'a,a', 'a,,b', 'a,"b', 'a,"b"c', '__proto__,b'])('%j names none', (line) => {
    expect(() => parseHeader(line, ',')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})
