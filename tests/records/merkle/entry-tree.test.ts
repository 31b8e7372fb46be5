import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathInEntries, rootOfEntries } from '../../../records/merkle/entry-tree.ts'
import { EMPTY_ROOT, leafHash } from '../../../records/merkle/hashes.ts'
import { verifyInclusion } from '../../../records/merkle/verify-proofs.ts'

const entriesOf = (size: number): readonly Buffer[] =>
  Array.from({ length: size }, (_, n) => hash('sha256', `entry ${n}`, 'buffer'))

test('each entry of a small tree is proven, and no other in its place', () => {
  const sizes = fc
    .constantFrom(1, 2, 255, 256, 257, 511, 512, 513, 1000)
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }))
  fc.assert(
    fc.property(sizes, ({ size, index }) => {
      const list = entriesOf(size)
      const entries = Buffer.concat([...list])
      const [root, proof] = [rootOfEntries(entries), pathInEntries(entries, index)]
      const leaf = leafHash(list[index] ?? Buffer.of())
      expect(verifyInclusion({ index, size, leaf, root, proof })).toBe(true)
      expect(verifyInclusion({ index, size, leaf: leafHash(Buffer.of(1)), root, proof })).toBe(false)
    }),
  )
})

test('nothing has the root of nothing', () => {
  expect(rootOfEntries(Buffer.of())).toEqual(EMPTY_ROOT)
})
