import { createHmac, hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type DisclosureFact, disclosureHasher, writeDisclosure } from '../../customers/disclosure-entry.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { keyringOf } from '../../kernel/keyring.ts'

const keyring = keyringOf(Buffer.alloc(32, 9))
const fact: DisclosureFact = {
  id: 'dis_0198c0ffee0070008000000000000001',
  at: '2026-03-15T08:00:00.000001Z',
  partner: 'ptr_0198c0ffee0070008000000000000002',
  client: 'cli_0198c0ffee0070008000000000000003',
  customer: undefined,
  subject: 'sub',
  purpose: 'CREDIT',
  consent: undefined,
  tags: ['age:exact'],
  outcome: 'nothing',
  request: 'r-1',
}

test('a salt is the HMAC-SHA-256 of the id under a key of its own', () => {
  const { saltOf } = disclosureHasher(keyring)
  for (const id of [fact.id, newId('dis'), newId('dis')]) {
    const key = keyring.key('disclosure-salts')
    expect(saltOf(id)).toEqual(
      createHmac('sha256', key)
        .update(Buffer.from(uuidOf(id), 'hex'))
        .digest(),
    )
  }
  expect(disclosureHasher(keyringOf(Buffer.alloc(32, 8))).saltOf(fact.id)).not.toEqual(saltOf(fact.id))
})

test('the text that is hashed has the same bytes for ever', () => {
  expect(writeDisclosure(fact)).toBe(
    '{"at":"2026-03-15T08:00:00.000001Z","client":"cli_0198c0ffee0070008000000000000003","id":"dis_0198c0ffee0070008000000000000001","outcome":"nothing","partner":"ptr_0198c0ffee0070008000000000000002","purpose":"CREDIT","request":"r-1","subject":"sub","tags":["age:exact"],"v":"1"}',
  )
  const { saltOf, entryOf } = disclosureHasher(keyring)
  const text = Buffer.from(writeDisclosure(fact))
  expect(entryOf(fact).toString('hex')).toBe(hash('sha256', Buffer.concat([saltOf(fact.id), text])))
})
