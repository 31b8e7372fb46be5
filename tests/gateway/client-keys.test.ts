import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uuidOf } from '../../kernel/ids.ts'
import { changeClient } from '../../partners/change-client.ts'
import { KEY_DAYS, WARNING_DAYS } from '../../partners/client-keys.ts'
import { partnerProjector } from '../../partners/project-partners.ts'
import { revokeClient } from '../../partners/revoke-client.ts'
import { verifyProjections } from '../../records/verify-projections.ts'
import { useWorld } from '../support/database.ts'
import { askAsPerson } from './as-person.ts'
import { startRealGateway } from './attacks/real-gateway.ts'
import {
  accessToken,
  askPartnerGraph,
  assertion,
  credentials,
  type KeyPair,
  keyPair,
  proof,
  registerClient,
  requestToken,
  type TestClient,
} from './clients.ts'
import type { Door, TestGateway } from './gateway.ts'

const DAY_MS = 86_400_000
const world = useWorld()
let gateway: TestGateway
let second: TestGateway
beforeAll(async () => {
  ;[gateway, second] = await Promise.all([startRealGateway(world), startRealGateway(world)])
})
afterAll(() => Promise.all([gateway.close(), second.close()]))

/** How each process answers to a client that signs with these keys under this name. */
async function signedIn(client: TestClient, keys: KeyPair, kid: string): Promise<readonly number[]> {
  const ask = async (door: Door): Promise<number> => {
    const signed = await assertion(client, { keys, header: { kid } })
    return (await requestToken(door, { assertion: signed, proof: await proof(client) })).status
  }
  return Promise.all([gateway, second].map(ask))
}

async function rotate(client: TestClient, kid: string, overlapDays?: number): Promise<KeyPair> {
  const keys = await keyPair()
  const jwks = { keys: [{ ...keys.publicJwk, kid }] }
  await changeClient(gateway.context, { client: client.id, jwks, overlapDays })
  return keys
}

describe('keys that take the place of others', () => {
  it('count at once on every process, beside those of before for as long as the overlap says', async () => {
    const client = await registerClient(gateway.context)
    const next = await rotate(client, 'b', 7)
    expect(await signedIn(client, client.keys, 'a')).toEqual([200, 200])
    expect(await signedIn(client, next, 'b')).toEqual([200, 200])
    expect(await verifyProjections(world.context, { projectors: [partnerProjector] })).toEqual([])
    await world.owner`
      update clients set keys_since = keys_since - interval '8 days', former_until = former_until - interval '8 days'
      where id = ${uuidOf(idOfClient(client))}`
    expect(await signedIn(client, client.keys, 'a')).toEqual([401, 401])
    expect(await signedIn(client, next, 'b')).toEqual([200, 200])
  })

  it('leave nothing of before without an overlap, nor of an overlap that was under way', async () => {
    const client = await registerClient(gateway.context)
    const next = await rotate(client, 'b', 7)
    const last = await rotate(client, 'c')
    expect(await signedIn(client, client.keys, 'a')).toEqual([401, 401])
    expect(await signedIn(client, next, 'b')).toEqual([401, 401])
    expect(await signedIn(client, last, 'c')).toEqual([200, 200])
  })

  it('win over one of before that has the same name', async () => {
    const client = await registerClient(gateway.context)
    const next = await rotate(client, 'a', 7)
    expect(await signedIn(client, client.keys, 'a')).toEqual([401, 401])
    expect(await signedIn(client, next, 'a')).toEqual([200, 200])
  })

  it.each([-1, 0.5, 91])('are refused with an overlap of %d days, and nothing changes', async (overlapDays) => {
    const client = await registerClient(gateway.context)
    await expect(rotate(client, 'b', overlapDays)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'overlapDays',
    })
    const alone = { client: client.id, redirectUris: [], overlapDays: 7 }
    await expect(changeClient(gateway.context, alone)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await signedIn(client, client.keys, 'a')).toEqual([200, 200])
  })
})

it('a revoked client gets no token and is refused at its next request, on every process', async () => {
  const client = await registerClient(gateway.context)
  const token = await accessToken(gateway, client)
  await revokeClient(gateway.context, { client: client.id, reason: 'key lost' })
  expect(await signedIn(client, client.keys, 'a')).toEqual([401, 401])
  for (const door of [gateway, second]) {
    const answer = await askPartnerGraph(door, await credentials(client, token), { query: '{ me { code } }' })
    expect(answer.status).toBe(403)
  }
})

it('keys that grow old are told of in the metrics and to the staff, a month before and until they are replaced', async () => {
  const [old, young] = [await registerClient(gateway.context), await registerClient(gateway.context)]
  const age = (client: TestClient, days: number) =>
    world.owner`
      update clients set keys_since = ${new Date(Date.now() - days * DAY_MS).toISOString()}
      where id = ${uuidOf(idOfClient(client))}`
  await age(old, KEY_DAYS - WARNING_DAYS + 1)
  await age(young, KEY_DAYS - WARNING_DAYS - 1)
  const told = async () => {
    const query =
      '{ clients(keysDue: true, first: 10) { edges { node { id status keys keysDueAt formerKeysUntil } } } }'
    const { body } = await askAsPerson(second, { staff: 'ann', roles: ['finance'] }, { query })
    const data = body.data as { clients: { edges: { node: { id: string } }[] } }
    const metrics = await (await second.fetch('/metrics')).text()
    return {
      due: data.clients.edges.map(({ node: { id } }) => id),
      metric: /^tributary_client_keys_due (\d+)/m.exec(metrics)?.[1],
    }
  }
  expect(await told()).toEqual({ due: [old.id], metric: '1' })
  await rotate(old, 'b')
  expect(await told()).toEqual({ due: [], metric: '0' })
})

/** Safe because the id is of a client that was registered. */
function idOfClient({ id }: TestClient): `cli_${string}` {
  return id as `cli_${string}`
}
