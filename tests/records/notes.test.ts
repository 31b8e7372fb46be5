import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '../../records/notes/checkpoint-text.ts'
import { formatVerifier, isSignerName, openNote, signNote } from '../../records/notes/signed-note.ts'

// from the documentation of golang.org/x/mod/sumdb/note
const neumann = {
  name: 'PeterNeumann',
  publicKey: Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1),
}
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const signature = 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM='
const note = `${text}\n— PeterNeumann ${signature}\n`

function signer(name: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return { name, publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32), privateKey }
}

test('a note that another implementation signed opens under its key', () => {
  expect(formatVerifier(neumann)).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
  expect(openNote(note, neumann)).toBe(text)
})

test('a note opens under the key that signed it, also among other signatures', () => {
  const [ours, other] = [signer('log.example'), signer('other.example')]
  const signed = signNote('a\n\nb\n', ours, ours.privateKey)
  const foreign = signNote('a\n\nb\n', other, other.privateKey).split('\n').at(-2)
  expect(openNote(signed, ours)).toBe('a\n\nb\n')
  expect(openNote(`${signed}${foreign}\n`, ours)).toBe('a\n\nb\n')
  expect(openNote(signed, other)).toBeUndefined()
  expect(openNote(signed, { ...other, name: ours.name })).toBeUndefined()
})

test.each([
  ['another text', note.replace('answer', 'anwser')],
  ['another name', note.replace('— PeterNeumann', '— PeterNeuman')],
  ['a shorter signature', note.replace('JnAM=', 'JnA=')],
  ['no signature', text],
  ['no line break at its end', note.slice(0, -1)],
  ['nothing', ''],
  ['text added', note.replace('\n\n', '\nmore\n\n')],
])('a note with %s does not open', (_, changed) => {
  expect(openNote(changed, neumann)).toBeUndefined()
})

test('a checkpoint is three lines', () => {
  const claim = { origin: 'log.example', size: 20852163, root: Buffer.alloc(32, 9) }
  const written = writeCheckpoint(claim)
  expect(written).toBe(`log.example\n20852163\n${Buffer.alloc(32, 9).toString('base64')}\n`)
  expect(readCheckpoint(written)).toEqual(claim)
  expect(readCheckpoint(`${written}extension\n`)).toEqual(claim)
})

test.each(['', 'log\n1\n', 'log\n01\nAAAA\n', `log\n-1\n${Buffer.alloc(32).toString('base64')}\n`, 'log\n1\nAAAA\n'])(
  '%j is no checkpoint',
  (bad) => {
    expect(readCheckpoint(bad)).toBeUndefined()
  },
)

test('a name that would break a note is none', () => {
  expect(['log.example/x', '日志'].map(isSignerName)).toEqual([true, true])
  expect(['', 'a b', 'a+b', 'a\nb', 'a\u2003b', 'a\u0000', 'x'.repeat(201)].some(isSignerName)).toBe(false)
})
