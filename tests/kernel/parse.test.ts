import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'

describe('parsing from outside', () => {
  it('gives what the schema makes of it', () => {
    expect(parseWith(z.strictObject({ name: lineOfText(5) }), { name: ' ab ' }, 'thing')).toEqual({ name: 'ab' })
  })

  it('names the field at fault and never repeats its value', () => {
    const schema = z.strictObject({ keys: z.array(z.strictObject({ pin: z.literal('no') })) })
    const fault = refusal(() => parseWith(schema, { keys: [{ pin: 'no' }, { pin: 'hunter2' }] }, 'set'))
    expect(fault).toMatchObject({ code: 'INVALID_INPUT', field: 'keys.1.pin' })
    expect(fault.message).toContain('set: keys.1.pin: ')
    expect(fault.message).not.toContain('hunter2')
  })

  it('names the whole where no field is at fault', () => {
    expect(refusal(() => parseWith(z.string(), 1, 'thing'))).toMatchObject({
      field: undefined,
      message: expect.stringMatching(/^thing: /),
    })
  })
})

describe('a line of text', () => {
  it.each(['a', '  a ', '例え', '😀', 'x'.repeat(10)])('is %j', (text) => {
    expect(lineOfText(10).safeParse(text).success).toBe(true)
  })

  it.each(['', ' ', 'a\nb', 'a\u0000', 'a\u007f', '\ud83d', 'x'.repeat(11), 5, null])('is not %j', (text) => {
    expect(lineOfText(10).safeParse(text).success).toBe(false)
  })
})

function refusal(work: () => unknown): Fault {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('it was taken')
}
