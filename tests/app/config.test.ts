import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig, SETTINGS } from '../../app/config.ts'
import { gatewaySettings } from '../../app/gateway-settings.ts'
import { masterKey } from '../../app/master-key.ts'

describe('the configuration', () => {
  test('every setting has a default that is accepted', () => {
    expect(readConfig({})).toMatchObject({ port: 4000, host: '127.0.0.1', origin: 'http://localhost:4000' })
    expect(Object.values(SETTINGS).every(({ about }) => about.length > 10)).toBe(true)
  })

  test('every fault is reported at once, and no value is repeated', () => {
    const wrong = {
      PORT: 'eighty',
      DATABASE_URL: 'mysql://secret',
      TRIBUTARY_MASTER_KEY: 'short',
      TRIBUTARY_POOL_SIZE: '0',
    }
    let message = ''
    try {
      readConfig(wrong)
    } catch (error) {
      message = error instanceof Error ? error.message : ''
    }
    for (const name of Object.keys(wrong)) expect(message).toContain(`${name}: `)
    expect(message).not.toContain('secret')
  })

  test('an issuer without its keys is refused', () => {
    expect(() => readConfig({ TRIBUTARY_IDENTITY_ISSUER: 'https://id.example' })).toThrow(/go together/)
  })

  test('the development issuer is on for this machine alone, and never beside an identity provider unless asked', () => {
    const identity = {
      TRIBUTARY_IDENTITY_ISSUER: 'https://id.example',
      TRIBUTARY_IDENTITY_JWKS: 'https://id.example/jwks',
    }
    expect(readConfig({}).developmentIssuer).toBe(true)
    expect(readConfig({ TRIBUTARY_ORIGIN: 'https://api.example.com' }).developmentIssuer).toBe(false)
    expect(readConfig(identity).developmentIssuer).toBe(false)
    expect(readConfig({ ...identity, TRIBUTARY_DEVELOPMENT_ISSUER: 'on' }).developmentIssuer).toBe(true)
  })

  test('port 0 gives the origin the port that was taken', () => {
    expect(gatewaySettings(readConfig({ PORT: '0' }), 54_321).origin).toBe('http://localhost:54321')
  })
})

describe('the master key', () => {
  test('is made once, also by several at once, and only its owner may read it', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tributary-key-'))
    const keys = await Promise.all([1, 2, 3].map(() => masterKey(undefined, folder)))
    const file = path.join(folder, 'secrets', 'master.key')
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(Buffer.from(await readFile(file, 'utf8'), 'base64')).toHaveLength(32)
    await rm(folder, { recursive: true })
  })
})
