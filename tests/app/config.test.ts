import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig, SETTINGS } from '../../app/config.ts'
import { gatewaySettings } from '../../app/gateway-settings.ts'
import { masterKey } from '../../app/master-key.ts'
import { anchorSigner } from '../../app/open-anchoring.ts'

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

  test('customers sign in as the client that is named, if there is an identity provider', () => {
    const identity = {
      TRIBUTARY_IDENTITY_ISSUER: 'https://id.example',
      TRIBUTARY_IDENTITY_JWKS: 'https://id.example/jwks',
    }
    const named = { TRIBUTARY_IDENTITY_CLIENT_ID: 'tributary' }
    const secret = { TRIBUTARY_IDENTITY_CLIENT_SECRET: 'deadbeef' }
    const signInOf = (environment: Record<string, string>) => gatewaySettings(readConfig(environment)).identity?.signIn
    expect(signInOf(identity)).toBeUndefined()
    expect(signInOf({ ...identity, ...named })).toEqual({ clientId: 'tributary' })
    expect(signInOf({ ...identity, ...named, ...secret })).toEqual({ clientId: 'tributary', clientSecret: 'deadbeef' })
    expect(() => readConfig(named)).toThrow('TRIBUTARY_IDENTITY_CLIENT_ID: it needs TRIBUTARY_IDENTITY_ISSUER')
    expect(() => readConfig({ ...identity, ...secret })).toThrow(
      /^(?!.*deadbeef).*it needs TRIBUTARY_IDENTITY_CLIENT_ID/s,
    )
  })

  test('anchoring is off by default, and on when a node and a contract are named', () => {
    const contract = `0x${'ab'.repeat(20)}`
    const on = { TRIBUTARY_ANCHOR_RPC: 'https://node.example/v3/token', TRIBUTARY_ANCHOR_CONTRACT: contract }
    expect(readConfig({}).anchor).toBeUndefined()
    expect(readConfig(on).anchor).toEqual({
      rpcUrl: 'https://node.example/v3/token',
      contract,
      key: undefined,
      policy: { everySeconds: 3600, budgetWei: 10n ** 16n, replaceAfterSeconds: 180, confirmations: 12 },
    })
    expect(gatewaySettings(readConfig(on))).toMatchObject({ anchorContract: contract })
    expect(gatewaySettings(readConfig({}))).not.toHaveProperty('anchorContract')
  })

  test('settings of anchoring that cannot be are reported together, and none is repeated', () => {
    const secret = 'deadbeef'.repeat(8)
    const wrong = {
      TRIBUTARY_ANCHOR_RPC: 'ws://node.example/hush',
      TRIBUTARY_ANCHOR_CONTRACT: '0x12',
      TRIBUTARY_ANCHOR_KEY: secret,
      TRIBUTARY_ANCHOR_EVERY: '0',
      TRIBUTARY_ANCHOR_BUDGET_GWEI: '1.5',
      TRIBUTARY_ANCHOR_REPLACE_AFTER: 'soon',
      TRIBUTARY_ANCHOR_CONFIRMATIONS: '0',
    }
    const told = faultOf(wrong)
    for (const name of Object.keys(wrong)) expect(told.split(`${name}: `)).toHaveLength(2)
    expect(told).not.toMatch(/hush|deadbeef/)
    const alone = faultOf({ TRIBUTARY_ANCHOR_KEY: `0x${secret}`, TRIBUTARY_ANCHOR_CONTRACT: `0x${'ab'.repeat(20)}` })
    expect(alone).toContain('TRIBUTARY_ANCHOR_CONTRACT: it needs TRIBUTARY_ANCHOR_RPC')
    expect(alone).toContain('TRIBUTARY_ANCHOR_KEY: it needs TRIBUTARY_ANCHOR_RPC')
    const both = { TRIBUTARY_ANCHOR_RPC: 'http://127.0.0.1:8545', TRIBUTARY_ANCHOR_KEY: `0x${secret}` }
    expect(faultOf({ ...both, TRIBUTARY_ANCHOR_KEY_FILE: '/key' })).toContain('exclude each other')
  })

  test('a key file that cannot be read, or holds no key, is refused by its name', async () => {
    const policy = { everySeconds: 1, budgetWei: 1n, replaceAfterSeconds: 1, confirmations: 1 }
    const config = { rpcUrl: 'http://127.0.0.1:9', contract: undefined, policy }
    const absent = anchorSigner({ ...config, key: { file: '/no/such/file' } })
    await expect(absent).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('/no/such/file'),
    })
    const wrong = anchorSigner({ ...config, key: { file: import.meta.filename } })
    await expect(wrong).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
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

/** What a configuration that is refused is told. */
function faultOf(environment: Readonly<Record<string, string>>): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  throw new Error('the configuration was accepted')
}
