import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reference } from '../../customers/references/reference.ts'

const reasonOf = (text: string): string | undefined => reference.safeParse(text).error?.issues[0]?.message

describe('a partner’s own reference', () => {
  it.each([
    'A-4711',
    'a',
    'x'.repeat(128),
    'ACME/2026/000123',
    '张三的客户号-7',
    '00012345',
    'member:9b2f',
    '4711 0815',
    'order@shop',
    '1234567890',
  ])('may be %j', (text) => {
    expect(reference.parse(text)).toBe(text)
  })

  it.each([
    ['an e-mail address', 'li.wei@mail.example.com'],
    ['an e-mail address', 'customer <li@example.cn>'],
    ['a phone number', '13812345678'],
    ['a phone number', '138 1234 5678'],
    ['a phone number', '+86 138-1234-5678'],
    ['a phone number', 'cust-13812345678'],
    ['a phone number', '008613812345678'],
    ['a phone number', '+44 20 7946 0958'],
    ['a phone number', '+1 (212) 555-0123'],
    ['a phone number', '010-62345678'],
    ['a phone number', '(021)62345678'],
    ['an id number', '11010519491231002X'],
    ['an id number', 'id:440308199901010012'],
    ['an id number', '110105491231002'],
    ['an id number', 'A123456(7)'],
    ['a passport number', 'E12345678'],
    ['a passport number', 'EA1234567'],
  ])('is not what looks like %s: %s', (looksLike, text) => {
    expect(reasonOf(text)).toContain(`looks like ${looksLike}`)
  })

  it.each([['', ' ', 'x'.repeat(129), 'a\nb', 'a\u0000b', '\ud800'].map((text) => [text] as const)].flat())(
    'is one line of text: not %j',
    (text) => {
      expect(reasonOf(text)).toBeDefined()
    },
  )

  it('may be any UUID, and any text of letters', () => {
    for (let count = 0; count < 2000; count++) expect(reasonOf(randomUUID())).toBeUndefined()
    fc.assert(fc.property(fc.stringMatching(/^[a-z]{1,60}$/), (text) => reasonOf(text) === undefined))
  })
})
