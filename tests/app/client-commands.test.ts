import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signingKeys } from '../../gateway/keys/signing-keys.ts'
import { findClient } from '../../partners/find-client.ts'
import { ecKey, sandboxPartner } from '../partners/factories.ts'
import { useCli } from '../support/cli.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()
const client = useCli(world, 'client')
const signingKey = useCli(world, 'signing-key')
let folder = ''
let keys = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-clients-'))
  keys = path.join(folder, 'jwks.json')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a client is made, gets other addresses and keys, and is revoked', { timeout: 90_000 }, async () => {
  const { code } = await sandboxPartner(world.context)
  await writeFile(keys, JSON.stringify({ keys: [ecKey('one'), ecKey('two')] }))
  const back = 'https://portal.example/back'
  const given = ['--partner', code, '--name', 'Portal', '--jwks', keys, '--redirect-uris', back, '--json']
  const { id } = JSON.parse((await client('create', ...given)).out)
  expect(await findClient(world.context, id)).toMatchObject({ redirectUris: [back] })
  const [set, refused] = await Promise.all([
    client('set-redirects', id, 'http://localhost:4300/back', back),
    client('set-redirects', id, 'http://portal.example/back'),
  ])
  expect(set.out).toContain(`http://localhost:4300/back ${back}`)
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect((await client('set-keys', id, '--jwks', keys)).out).toContain('one two')
  expect(await client('revoke', id, '--reason', 'key lost')).toMatchObject({ code: 0 })
  expect(await findClient(world.context, id)).toMatchObject({ status: 'REVOKED' })
})

test('the signing key is followed by another', { timeout: 60_000 }, async () => {
  const { current } = await signingKeys(world.context, 'oauth')
  const rotated = JSON.parse((await signingKey('rotate', '--json')).out)
  expect(rotated.retired).toBe(current.kid)
  const rows = await world.owner`select kid, retired_at is not null as retired from signing_keys order by retired`
  expect(rows).toEqual([
    { kid: rotated.kid, retired: false },
    { kid: current.kid, retired: true },
  ])
})
