import { expect, test } from 'vitest'
import { oneBehind } from '../../../ledger/settlement/one-behind.ts'

/** Work that ends, or fails, when it is told. */
function told() {
  const begun: { readonly piece: string; readonly end: () => void; readonly fail: (why: Error) => void }[] = []
  const work = (piece: string): Promise<void> =>
    new Promise((end, fail) => {
      begun.push({ piece, end, fail })
    })
  return { begun, writer: oneBehind(work) }
}

test('a piece begins while the next is made, and not before the one before has ended', async () => {
  const { begun, writer } = told()
  await writer.write('a')
  const second = writer.write('b')
  await Promise.resolve()
  expect(begun.map(({ piece }) => piece)).toEqual(['a'])
  begun[0]?.end()
  await second
  expect(begun.map(({ piece }) => piece)).toEqual(['a', 'b'])
  begun[1]?.end()
  await writer.end()
})

test('a piece that fails is told to whoever comes next, and nothing begins after it', async () => {
  const { begun, writer } = told()
  await writer.write('a')
  begun[0]?.fail(new Error('full'))
  await writer.settled()
  await expect(writer.write('b')).rejects.toThrow('full')
  await expect(writer.end()).rejects.toThrow('full')
  expect(begun).toHaveLength(1)
})
