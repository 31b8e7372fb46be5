import type { Adapter } from 'oidc-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { stateAdapter } from '../../gateway/oauth/state-adapter.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
let grants: Adapter
let codes: Adapter
let replays: Adapter

beforeAll(() => {
  const make = stateAdapter(world.context)
  ;[grants, codes, replays] = [make('Grant'), make('AuthorizationCode'), make('ReplayDetection')]
})

describe("the authorization server's memory", () => {
  it('finds a thing by each of its names, and under no other model', async () => {
    const payload = { kind: 'Grant', uid: 'u-1', userCode: 'c-1', grantId: 'g-1' }
    await grants.upsert('one', payload, 60)
    expect(await grants.find('one')).toEqual(payload)
    expect(await grants.findByUid('u-1')).toEqual(payload)
    expect(await grants.findByUserCode('c-1')).toEqual(payload)
    expect(await codes.find('one')).toBeUndefined()
    expect(await grants.find('a\u0000b')).toBeUndefined()
  })

  it('takes the later of two, forgets what is destroyed and what belongs to a revoked grant', async () => {
    await grants.upsert('two', { kind: 'Grant', iat: 1 }, 60)
    await grants.upsert('two', { kind: 'Grant', iat: 2 }, 60)
    expect(await grants.find('two')).toMatchObject({ iat: 2 })
    await grants.destroy('two')
    expect(await grants.find('two')).toBeUndefined()
    await codes.upsert('three', { grantId: 'g-3' }, 60)
    await codes.upsert('four', { grantId: 'g-4' }, 60)
    await codes.revokeByGrantId('g-3')
    expect([await codes.find('three'), await codes.find('four')]).toEqual([undefined, { grantId: 'g-4' }])
  })

  it('knows nothing that has expired', async () => {
    await codes.upsert('late', { iat: 1 }, 60)
    await world.owner`update oauth_state set expires_at = now() where id = 'late'`
    expect(await codes.find('late')).toBeUndefined()
    await expect(codes.consume('late')).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('lets a code be consumed once, of 20 at once', async () => {
    await codes.upsert('code', { iat: 1 }, 60)
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => codes.consume('code')))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await codes.find('code')).toMatchObject({ consumed: expect.any(Number) })
    // saving it again does not make it fresh
    await codes.upsert('code', { iat: 2 }, 60)
    await expect(codes.consume('code')).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('lets a proof be noted once until it expires, of 20 at once', async () => {
    const note = (): Promise<PromiseSettledResult<unknown>[]> =>
      Promise.allSettled(Array.from({ length: 20 }, () => replays.upsert('jti', { iss: 'x' }, 60)))
    expect((await note()).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await note()).filter(({ status }) => status === 'fulfilled')).toHaveLength(0)
    await world.owner`update oauth_state set expires_at = now() where id = 'jti'`
    expect((await note()).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('lets no client be registered through it', async () => {
    const clients = stateAdapter(world.context)('Client')
    await expect(clients.upsert('cli_1', {}, 60)).rejects.toMatchObject({ error: 'invalid_request' })
    expect(await clients.find('cli_\u0000')).toBeUndefined()
  })
})
