import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { subjectOf } from '../../customers/subject.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { keyringOf } from '../../kernel/keyring.ts'

const keyring = keyringOf(Buffer.alloc(32, 7))
const customer = newId('cus')
const partner = newId('ptr')
const generation = 1
const place = { partner, customer, generation }

test('a subject is the same each time, and has 144 bits that say nothing by themselves', () => {
  const subject = subjectOf(keyring, place)
  expect(subjectOf(keyring, place)).toBe(subject)
  expect(subject).toMatch(/^[A-Za-z0-9_-]{24}$/)
})

test('two partners know one customer by unlike subjects, one partner two customers, and one of them anew after a rotation', () => {
  const subjects = [
    subjectOf(keyring, place),
    subjectOf(keyring, { ...place, partner: newId('ptr') }),
    subjectOf(keyring, { ...place, customer: newId('cus') }),
    subjectOf(keyringOf(Buffer.alloc(32, 8)), place),
    subjectOf(keyring, { ...place, generation: 2 }),
    subjectOf(keyring, { ...place, generation: 3 }),
  ]
  expect(new Set(subjects).size).toBe(6)
})

test('a subject is the HMAC of version, partner and customer, bytes of fixed length', () => {
  const input = Buffer.from(`01${uuidOf(partner)}${uuidOf(customer)}`, 'hex')
  const digest = createHmac('sha256', keyring.key('subjects')).update(input).digest()
  expect(input).toHaveLength(33)
  expect(subjectOf(keyring, place)).toBe(digest.subarray(0, 18).toString('base64url'))
})
