import { describe, expect, test } from 'vitest'
import { isPublicAddress } from '../../../partners/webhooks/public-address.ts'
import { parseWebhookAddress } from '../../../partners/webhooks/webhook-address.ts'

const CLOSED = [
  ...[
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
  ],
  ...[
    '100.64.0.1',
    '192.0.0.8',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
  ],
  ...[
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '100::1',
    'fc00::1',
    'fd12::1',
  ],
  ...['fe80::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::', '2001::1', '3fff::1', 'localhost', ''],
]
const OPEN = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2400:3200::1']

describe('an address', () => {
  test.each(CLOSED)('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))
  test.each(OPEN)('%s is public', (address) => expect(isPublicAddress(address)).toBe(true))
})

describe('the address of a webhook', () => {
  test.each([
    ...['http://partner.example/h', 'ftp://partner.example/', 'partner.example', 'https://', 'javascript:alert(1)'],
    ...['https://user@partner.example/', 'https://user:pass@partner.example/', 'https://partner.example/#part'],
    ...['https://localhost/', 'https://intranet/', 'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/'],
    ...['https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[fe80::1]/', 'https://169.254.169.254/latest'],
    `https://partner.example/${'x'.repeat(500)}`,
  ])('%s is refused', (url) => {
    expect(() => parseWebhookAddress(url, { privateToo: false })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', field: 'url' }),
    )
  })

  test('of the public internet is taken as it is', () => {
    for (const url of [
      'https://partner.example/hooks?tenant=7',
      'https://8.8.8.8:8443/h',
      'https://[2606:4700::1111]/',
    ]) {
      expect(parseWebhookAddress(url, { privateToo: false })).toBe(url)
    }
  })

  test('may be anywhere in development, and still has no user', () => {
    expect(parseWebhookAddress('http://localhost:9/h', { privateToo: true })).toBe('http://localhost:9/h')
    expect(() => parseWebhookAddress('http://me@localhost:9/h', { privateToo: true })).toThrow()
  })
})
