import { describe, expect, it } from 'vitest'
import { uuidOf } from '../../kernel/ids.ts'
import { changeClient } from '../../partners/change-client.ts'
import { createClient } from '../../partners/create-client.ts'
import { findClient } from '../../partners/find-client.ts'
import { revokeClient } from '../../partners/revoke-client.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { TEST_TIME, useWorld } from '../support/database.ts'
import { activeClient, ecKey, recordsNaming, rsaKey, sandboxPartner, somebodyWaits } from './factories.ts'

const world = useWorld()

describe('creating a client', () => {
  it('is found with its partner, and stands in the log with its public keys', async () => {
    const { context } = world
    const partner = await sandboxPartner(context)
    const jwks = { keys: [ecKey('k1'), rsaKey('k2')] }
    const client = await createClient(context, {
      partner: partner.code,
      name: 'Portal',
      jwks,
      scopes: ['customers:read', 'statements:read'],
    })
    expect(client).toMatchObject({
      partnerId: partner.id,
      name: 'Portal',
      status: 'ACTIVE',
      scopes: ['customers:read', 'statements:read'],
      createdAt: new Date(TEST_TIME),
    })
    expect(await findClient(context, client.id)).toEqual({ ...client, partner })
    expect(await recordsNaming(context, { kind: 'client', id: client.id })).toEqual([
      {
        event: 'CREATED',
        binding: 'DPOP',
        client: client.id,
        partner: partner.id,
        name: 'Portal',
        jwks: client.jwks,
        scopes: client.scopes,
        redirectUris: [],
        status: 'ACTIVE',
      },
    ])
  })

  it.each([
    ['no scope', { scopes: [] }],
    ['an unknown scope', { scopes: ['admin'] as unknown as ['customers:read'] }],
    ['a scope twice', { scopes: ['customers:read', 'customers:read'] as const }],
    ['an empty name', { name: '' }],
    ['an address of keys', { jwks: { jwks_uri: 'https://example.com/jwks' } }],
    ['a private key', { jwks: { keys: [{ ...ecKey('k'), d: 'AAAA' }] } }],
    ['a redirect without TLS', { redirectUris: ['http://partner.example/back'] }],
    ['a redirect with a fragment', { redirectUris: ['https://partner.example/back#here'] }],
    ['a redirect with an empty fragment', { redirectUris: ['https://partner.example/back#'] }],
    ['a redirect with a user', { redirectUris: ['https://user@partner.example/back'] }],
    ['a redirect into an application', { redirectUris: ['myapp://back'] }],
    ['a redirect that is a script', { redirectUris: ['javascript:alert(1)'] }],
    ['a redirect to any host', { redirectUris: ['https://*.partner.example/back'] }],
    ['a redirect that browsers write differently', { redirectUris: ['https://partner.example/a/../back'] }],
    ['a redirect that only looks like this machine', { redirectUris: ['http://localhost.evil.example/back'] }],
    ['a redirect twice', { redirectUris: ['https://partner.example/back', 'https://partner.example/back'] }],
    ['eleven redirects', { redirectUris: Array.from({ length: 11 }, (_, at) => `https://partner.example/${at}`) }],
    ['a field that there is not', { redirects: [] } as object],
  ])('refuses %s', async (_, fault) => {
    const { code } = await sandboxPartner(world.context)
    const input = {
      partner: code,
      name: 'Portal',
      jwks: { keys: [ecKey('k')] },
      scopes: ['customers:read' as const],
      ...fault,
    }
    await expect(createClient(world.context, { ...input, scopes: [...input.scopes] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })

  it('is refused to a partner that does not exist', async () => {
    await expect(activeClient(world.context, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is refused to a partner that was rejected', async () => {
    const { context } = world
    const partner = await sandboxPartner(context)
    await changePartnerStatus(context, { partner: partner.id, status: 'REJECTED', reason: 'failed its assessment' })
    await expect(activeClient(context, partner.id)).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  it('cannot slip in while the partner is being rejected', async () => {
    const { context } = world
    const partner = await sandboxPartner(context)
    const { promise: seen, resolve: letGo } = Promise.withResolvers<void>()
    const rejection = context.database.transaction(async (tx) => {
      await tx`update partners set status = 'REJECTED' where code = ${partner.code}`
      await seen
    })
    const refused = expect(activeClient(context, partner.id)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await somebodyWaits(world.owner)
    letGo()
    await Promise.all([rejection, refused])
  })

  it('meets the database’s own guard when a private key goes round the code', async () => {
    const { context } = world
    const client = await activeClient(context, (await sandboxPartner(context)).id)
    const jwks = JSON.stringify({ keys: [{ ...client.jwks.keys[0], d: 'AAAA' }] })
    const insertion = context.database.transaction(
      (tx) =>
        tx`insert into clients select gen_random_uuid(), partner_id, name, ${jwks}::jsonb, scopes, status, created_at from clients limit 1`,
    )
    await expect(insertion).rejects.toMatchObject({ constraint_name: 'clients_jwks_public' })
  })

  it('leaves its keys and scopes beyond the application’s reach', async () => {
    const { transaction } = world.context.database
    await expect(transaction((tx) => tx`update clients set scopes = '{statements:read}'`)).rejects.toThrow(
      /permission denied/,
    )
    await expect(transaction((tx) => tx`delete from clients`)).rejects.toThrow(/permission denied/)
  })
})

describe('changing a client', () => {
  it('puts redirect addresses and keys in the place of those before, and stands in the log', async () => {
    const { context } = world
    const client = await activeClient(context, (await sandboxPartner(context)).id)
    const redirectUris = [
      'https://partner.example/back',
      'http://localhost:4300/back',
      'http://127.0.0.1/',
      'http://[::1]:9',
    ]
    expect(await changeClient(context, { client: client.id, redirectUris })).toEqual({ ...client, redirectUris })
    const { jwks } = await changeClient(context, { client: client.id, jwks: { keys: [ecKey('new')] } })
    expect(jwks.keys.map(({ kid }) => kid)).toEqual(['new'])
    expect(await findClient(context, client.id)).toMatchObject({ redirectUris, jwks })
    const [, redirects, keys] = await recordsNaming(context, { kind: 'client', id: client.id })
    const named = { client: client.id, partner: client.partnerId }
    expect(redirects).toEqual({ event: 'REDIRECTS_SET', ...named, redirectUris })
    expect(keys).toEqual({ event: 'KEYS_REPLACED', ...named, jwks })
    await changeClient(context, { client: client.id, redirectUris: [] })
    expect(await findClient(context, client.id)).toMatchObject({ redirectUris: [] })
  })

  it.each([
    ['nothing', {}],
    ['both at once', { redirectUris: [], jwks: { keys: [ecKey('k')] } }],
    ['a private key', { jwks: { keys: [{ ...ecKey('k'), d: 'AAAA' }] } }],
    ['no key', { jwks: { keys: [] } }],
    ['a redirect without TLS', { redirectUris: ['http://partner.example/'] }],
    ['scopes', { scopes: ['customers:read'] }],
  ])('refuses %s', async (_, change) => {
    const { context } = world
    const client = await activeClient(context, (await sandboxPartner(context)).id)
    await expect(changeClient(context, { client: client.id, ...change })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    expect(await findClient(context, client.id)).toMatchObject(client)
  })

  it('is over for a client that was revoked, and for none', async () => {
    const { context } = world
    const client = await activeClient(context, (await sandboxPartner(context)).id)
    await revokeClient(context, { client: client.id, reason: 'key lost' })
    const change = { redirectUris: ['https://partner.example/back'] }
    await expect(changeClient(context, { client: client.id, ...change })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(changeClient(context, { client: 'cli_1', ...change })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('meets the database’s own guard when an address goes round the code', async () => {
    const { context } = world
    const client = await activeClient(context, (await sandboxPartner(context)).id)
    const around = context.database.transaction(
      (tx) => tx`update clients set redirect_uris = '{http://evil.example/}' where id = ${uuidOf(client.id)}`,
    )
    await expect(around).rejects.toMatchObject({ constraint_name: 'clients_redirect_uris_safe' })
  })
})

describe('revoking a client', () => {
  it('is for good, and stands in the log', async () => {
    const { context } = world
    const client = await activeClient(context, (await sandboxPartner(context)).id)
    const revoked = await revokeClient(context, { client: client.id, reason: 'key lost' })
    expect(revoked).toEqual({ ...client, status: 'REVOKED', revokedAt: new Date(TEST_TIME) })
    expect(await findClient(context, client.id)).toMatchObject(revoked)
    expect((await recordsNaming(context, { kind: 'client', id: client.id })).at(-1)).toEqual({
      event: 'REVOKED',
      client: client.id,
      partner: client.partnerId,
      reason: 'key lost',
    })
  })

  it('happens once, when several ask at once', async () => {
    const { context } = world
    const client = await activeClient(context, (await sandboxPartner(context)).id)
    const asked = await Promise.allSettled(
      Array.from({ length: 5 }, () => revokeClient(context, { client: client.id, reason: 'race' })),
    )
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'WRONG_STATE' })
    expect(await recordsNaming(context, { kind: 'client', id: client.id })).toHaveLength(2)
  })

  it.each(['', 'cli_1', `cli_${'0'.repeat(32)}`, `ptr_${'0'.repeat(32)}`])('says NOT_FOUND of %j', async (client) => {
    await expect(revokeClient(world.context, { client, reason: 'trial' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('finding a client', () => {
  it.each(['', 'cli_1', 'cli_\u0000', `cli_${'0'.repeat(32)}`])('finds nothing under %j', async (client) => {
    expect(await findClient(world.context, client)).toBeUndefined()
  })
})
