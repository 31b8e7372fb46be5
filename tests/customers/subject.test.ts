import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { subjectOf } from '../../customers/subject.ts'
import { newId, uuidOf } from '../../kernel/ids.ts'
import { keyringOf } from '../../kernel/keyring.ts'

const keyring = keyringOf(Buffer.alloc(32, 7))
const customer = newId('cus')
const partner = newId('ptr')

test('a subject is the same each time, and has 144 bits that say nothing by themselves', () => {
  const subject = subjectOf(keyring, partner, customer)
  expect(subjectOf(keyring, partner, customer)).toBe(subject)
  expect(subject).toMatch(/^[A-Za-z0-9_-]{24}$/)
})

test('two partners know one customer by unlike subjects, and one partner two customers', () => {
  const subjects = [
    subjectOf(keyring, partner, customer),
    subjectOf(keyring, newId('ptr'), customer),
    subjectOf(keyring, partner, newId('cus')),
    subjectOf(keyringOf(Buffer.alloc(32, 8)), partner, customer),
  ]
  expect(new Set(subjects).size).toBe(4)
})

test('a subject is the HMAC of version, partner and customer, bytes of fixed length', () => {
  const input = Buffer.from(`01${uuidOf(partner)}${uuidOf(customer)}`, 'hex')
  const digest = createHmac('sha256', keyring.key('subjects')).update(input).digest()
  expect(input).toHaveLength(33)
  expect(subjectOf(keyring, partner, customer)).toBe(digest.subarray(0, 18).toString('base64url'))
})
