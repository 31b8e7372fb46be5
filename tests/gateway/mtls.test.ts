import { X509Certificate } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeClient } from '../../partners/change-client.ts'
import { goLive } from '../../partners/go-live.ts'
import { revokeClient } from '../../partners/revoke-client.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { useWorld } from '../support/database.ts'
import {
  accessToken,
  askPartnerGraph,
  assertion,
  credentials,
  proof,
  registerClient,
  requestToken,
  type TestClient,
} from './clients.ts'
import { askingClient, push } from './consent-flow.ts'
import { startGateway, type TestGateway } from './gateway.ts'

/** Two certificates of one name, each of a key of its own. */
const OWN = `-----BEGIN CERTIFICATE-----
MIIBojCCAUmgAwIBAgIUL/WoyAD8yp5h2eYDNdPvJJj+AnMwCgYIKoZIzj0EAwIw
JjEkMCIGA1UEAwwbcG9ydGFsLmhhcmJvdXItYmFuay5leGFtcGxlMCAXDTI2MTEy
NTIyNTYwNFoYDzIxMjYxMTAxMjI1NjA0WjAmMSQwIgYDVQQDDBtwb3J0YWwuaGFy
Ym91ci1iYW5rLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS4Ck1n
S0+bMYMRtpIhjqrAwVHrmKI6Kvs2QrTLv1umuoL//thXDxoZWPDuI6NCJRrQXCeZ
7nLg098COK2tE81No1MwUTAdBgNVHQ4EFgQUlziDn+ObDaDAZoxt4fzORg880hUw
HwYDVR0jBBgwFoAUlziDn+ObDaDAZoxt4fzORg880hUwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNHADBEAiADA+cZMORFyEONHPfSZe8V7ciqG3N85nDt2J+x
bBKfcwIgIgjnW4ucNSbubZganrUq5hgwk8ki1wYMQj/cuFAWsHY=
-----END CERTIFICATE-----
`
const OTHER = `-----BEGIN CERTIFICATE-----
MIIBozCCAUmgAwIBAgIUd0XqWlP0wWR4xaz01558xm+7KPswCgYIKoZIzj0EAwIw
JjEkMCIGA1UEAwwbcG9ydGFsLmhhcmJvdXItYmFuay5leGFtcGxlMCAXDTI2MTEy
NTIyNTYwNFoYDzIxMjYxMTAxMjI1NjA0WjAmMSQwIgYDVQQDDBtwb3J0YWwuaGFy
Ym91ci1iYW5rLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARAELuC
hULCn8ZPgxUTJo4xycHbs/wJ2OhOBs3GGd31JaIjcU8NSDWTJ8CBe99qLzx5lWB4
HGDnrr5I8zQGsnRso1MwUTAdBgNVHQ4EFgQUQFEb393BWrTJGy2azrbX/2zQ7ZEw
HwYDVR0jBBgwFoAUQFEb393BWrTJGy2azrbX/2zQ7ZEwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiEA/PTueN5j2DMJgYh7x2kdtYouvrCy4deBamin
jroRu6gCICf/vBoFXG+oXX/i4EID6/ObkXoyRJdzt8S+e5BcjgNv
-----END CERTIFICATE-----
`
const HEADER = 'x-client-cert'

const world = useWorld()
let gateway: TestGateway
/** Its proxy is another machine than the one that asks. */
let elsewhere: TestGateway
/** It takes no certificates. */
let without: TestGateway
let client: TestClient
let token: string

beforeAll(async () => {
  gateway = await startWith(['10.1.0.0/16', '127.0.0.1'])
  elsewhere = await startWith(['10.1.0.0/16'])
  without = await startGateway(world)
  client = await registerClient(gateway.context, { binding: 'MTLS' })
  token = await tokenOf(client)
})
afterAll(async () => {
  await Promise.all([gateway.close(), elsewhere.close(), without.close()])
})

describe('a client whose tokens are bound to its certificate', () => {
  it('is given a token that names the certificate, and uses it as Bearer on the same certificate', async () => {
    expect(decodeJwt(token)).toMatchObject({ cnf: { 'x5t#S256': thumbprint(OWN) } })
    for (const certificate of [escaped(OWN), structured(OWN)]) {
      const answer = await ask({ [HEADER]: certificate })
      expect(await answer.json()).toMatchObject({ data: { caller: `partner:${client.id}` } })
    }
  })

  it.each<[string, Record<string, string>]>([
    ['none', {}],
    ['two', { [HEADER]: escaped(`${OWN}${OTHER}`) }],
    ['two, each in a header of its own', { [HEADER]: `${escaped(OWN)}, ${escaped(OTHER)}` }],
    ['rubbish', { [HEADER]: '%%%' }],
    ['an empty one', { [HEADER]: '' }],
    ['9 kilobytes', { [HEADER]: 'a'.repeat(9000) }],
    ['its own in another header', { 'client-cert': structured(OWN) }],
  ])('is refused with the certificate: %s', async (_, headers) => {
    await refused(await ask(headers))
    const answer = await requestToken(gateway, { assertion: await assertion(client) }, headers)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' })
  })

  it('is refused with another certificate, and with it is given a token for that one', async () => {
    await refused(await ask({ [HEADER]: escaped(OTHER) }))
    const answer = await requestToken(gateway, { assertion: await assertion(client) }, { [HEADER]: escaped(OTHER) })
    const { access_token: other = '' } = (await answer.json()) as { access_token?: string }
    expect(decodeJwt(other)).toMatchObject({ cnf: { 'x5t#S256': thumbprint(OTHER) } })
    const headers = { authorization: `Bearer ${other}`, [HEADER]: escaped(OWN) }
    await refused(await askPartnerGraph(gateway, headers))
  })

  it('is refused when the header comes from elsewhere than the proxy, and where no certificates are taken', async () => {
    for (const each of [elsewhere, without]) {
      await refused(await ask({ [HEADER]: escaped(OWN) }, each))
      const given = { assertion: await assertion(client) }
      expect((await requestToken(each, given, { [HEADER]: escaped(OWN) })).status).toBe(400)
    }
  })

  it('sends no proof: with one it is given no token, and pushes no request', async () => {
    const given = { assertion: await assertion(client), proof: await proof(client) }
    const answer = await requestToken(gateway, given, { [HEADER]: escaped(OWN) })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: 'invalid_dpop_proof' })
    const dpop = await proof(client)
    const { response } = await push(gateway, { ...client }, {}, { dpop, [HEADER]: escaped(OWN) })
    expect(response.status).toBe(400)
    await refused(await ask({ ...(await credentials(client, token)), [HEADER]: escaped(OWN) }))
  })

  it('is refused at its next request once its partner is suspended, it is revoked, or it is bound by DPoP', async () => {
    for (const end of [
      async ({ partner }: TestClient) => {
        await goLive(gateway.context, { partner })
        await changePartnerStatus(gateway.context, { partner, status: 'SUSPENDED', reason: 'incident' })
      },
      ({ id }: TestClient) => revokeClient(gateway.context, { client: id, reason: 'key lost' }),
      ({ id }: TestClient) => changeClient(gateway.context, { client: id, binding: 'DPOP' }),
    ]) {
      const other = await registerClient(gateway.context, { binding: 'MTLS' })
      const still = await tokenOf(other)
      const headers = { authorization: `Bearer ${still}`, [HEADER]: escaped(OWN) }
      expect((await askPartnerGraph(gateway, headers)).status).toBe(200)
      await end(other)
      expect((await askPartnerGraph(gateway, headers)).status).toBe(403)
    }
  })
})

describe('a client whose tokens are bound by DPoP', () => {
  it('gains nothing by a certificate: no token, and no request without a proof', async () => {
    const other = await registerClient(gateway.context)
    const given = { assertion: await assertion(other) }
    expect((await requestToken(gateway, given, { [HEADER]: escaped(OWN) })).status).toBe(400)
    const bound = await accessToken(gateway, other)
    const headers = { authorization: `Bearer ${bound}`, [HEADER]: escaped(OWN) }
    expect((await askPartnerGraph(gateway, headers)).status).toBe(401)
    expect((await askPartnerGraph(gateway, await credentials(other, bound))).status).toBe(200)
  })

  it('has tokens that are good for nothing once it is revoked, or bound to a certificate', async () => {
    for (const end of [
      ({ id }: TestClient) => revokeClient(gateway.context, { client: id, reason: 'key lost' }),
      ({ id }: TestClient) => changeClient(gateway.context, { client: id, binding: 'MTLS' }),
    ]) {
      const other = await registerClient(gateway.context)
      const still = await accessToken(gateway, other)
      await end(other)
      expect((await askPartnerGraph(gateway, await credentials(other, still))).status).toBe(403)
    }
  })
})

describe('the metadata', () => {
  it('says that certificates are taken, where they are', async () => {
    const addresses = ['/.well-known/oauth-authorization-server/oauth', '/.well-known/oauth-protected-resource/graphql']
    for (const [each, certificates] of [
      [gateway, true],
      [without, false],
    ] as const) {
      const [server, resource] = await Promise.all(addresses.map(async (address) => (await each.fetch(address)).json()))
      expect(server).toMatchObject({
        tls_client_certificate_bound_access_tokens: certificates,
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      })
      expect(resource).toMatchObject({
        tls_client_certificate_bound_access_tokens: certificates,
        dpop_bound_access_tokens_required: !certificates,
      })
    }
  })

  it('is told of a token to its client: it is a Bearer of the certificate', async () => {
    const form = {
      token,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(client),
    }
    const headers = { [HEADER]: escaped(OWN) }
    const answer = await gateway.fetch('/oauth/token/introspection', {
      method: 'POST',
      headers,
      body: new URLSearchParams(form),
    })
    expect(await answer.json()).toMatchObject({
      active: true,
      token_type: 'Bearer',
      cnf: { 'x5t#S256': thumbprint(OWN) },
    })
  })
})

it('refuses a proxy that is no address', async () => {
  await expect(startWith(['proxy.example'])).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

it('lets a client that asks customers push requests on its certificate', async () => {
  const asking = await askingClient(gateway.context)
  await changeClient(gateway.context, { client: asking.id, binding: 'MTLS' })
  const { response } = await push(gateway, asking, {}, { [HEADER]: escaped(OWN) })
  // what it asks for is not defined here: the request was read
  expect(await response.json()).toMatchObject({ error: 'invalid_authorization_details' })
})

async function startWith(proxies: readonly string[]): Promise<TestGateway> {
  return startGateway(world, { settings: { clientCertificates: { header: HEADER, proxies } } })
}

async function tokenOf(asking: TestClient): Promise<string> {
  const answer = await requestToken(gateway, { assertion: await assertion(asking) }, { [HEADER]: escaped(OWN) })
  const { access_token: text, token_type: type } = (await answer.json()) as Record<string, string>
  expect(type).toBe('Bearer')
  return text ?? ''
}

async function ask(headers: Record<string, string>, at: TestGateway = gateway): Promise<Response> {
  return askPartnerGraph(at, { authorization: `Bearer ${token}`, ...headers })
}

async function refused(answer: Response): Promise<void> {
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/)
}

function thumbprint(pem: string): string {
  return Buffer.from(new X509Certificate(pem).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
}

/** As nginx passes it. */
function escaped(pem: string): string {
  return encodeURIComponent(pem)
}

/** As RFC 9440 has it. */
function structured(pem: string): string {
  return `:${new X509Certificate(pem).raw.toString('base64')}:`
}
