import { stringify, validate, version } from 'uuid'
import { describe, expect, it } from 'vitest'
import { idOf, isId, namedId, newId, parseId, uuidOf } from '../../kernel/ids.ts'

describe('an id', () => {
  it('names its kind and reads back as the uuid it stands for', () => {
    const id = newId('ptr')
    expect(id).toMatch(/^ptr_[0-9a-f]{32}$/)
    expect(idOf('ptr', uuidOf(id))).toBe(id)
    expect(idOf('ptr', '01890a5d-ac96-774b-bcce-b302099a8057')).toBe('ptr_01890a5dac96774bbcceb302099a8057')
  })

  it('ascends, also within one millisecond', () => {
    const made = Array.from({ length: 5000 }, () => newId('rec'))
    expect([...made].sort()).toEqual(made)
    expect(new Set(made).size).toBe(made.length)
  })

  it('is taken from outside only in its one form', () => {
    const id = newId('cus')
    expect(parseId('cus', id)).toBe(id)
  })

  it.each([
    '',
    'cus_',
    'cus',
    `cus_${'0'.repeat(31)}`,
    `cus_${'0'.repeat(33)}`,
    `cus_${'A'.repeat(32)}`,
    `cus_${'0'.repeat(32)}\n`,
    `ptr_${'0'.repeat(32)}`,
    `cus-${'0'.repeat(32)}`,
    `cus_${'0'.repeat(31)}g`,
  ])('is not %j', (text) => {
    expect(isId('cus', text)).toBe(false)
    expect(() => parseId('cus', text)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })

  it('does not repeat a long text that is none', () => {
    expect(() => parseId('cus', 'x'.repeat(10_000))).toThrow(/^.{0,100}$/)
  })

  it('of a name is always the same, and another for another name or kind', () => {
    const names = Array.from({ length: 2000 }, (_, n) => `Partner:Payable:${n}`)
    const ids = names.map((name) => namedId('acc', name))
    expect(names.map((name) => namedId('acc', name))).toEqual(ids)
    expect(new Set(ids).size).toBe(names.length)
    expect(uuidOf(namedId('ern', names[0] ?? ''))).not.toBe(uuidOf(ids[0] ?? 'acc_'))
    for (const id of ids) {
      const uuid = stringify(Buffer.from(uuidOf(id), 'hex'))
      expect([isId('acc', id), validate(uuid), version(uuid)]).toEqual([true, true, 8])
    }
  })

  it('of a name beside another one begins with its time', () => {
    const beside = newId('sta')
    expect(uuidOf(namedId('pol', '1/1', beside)).slice(0, 12)).toBe(uuidOf(beside).slice(0, 12))
    expect(namedId('pol', '1/1', beside)).not.toBe(namedId('pol', '1/2', beside))
  })
})
