import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Id } from '../../../kernel/ids.ts'
import { makeBundle } from '../../../records/make-bundle.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import { useAnvil } from '../../support/anvil.ts'
import { createWorld, useWorld } from '../../support/database.ts'
import { appendSome, sealAll } from '../sealed-log.ts'
import { useAnchoring } from './scene.ts'

const world = useWorld()
const anvil = useAnvil()
const anchoring = useAnchoring(world, anvil)
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tributary-outside-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What the verifier that shares no code with us says of a bundle, with the chain at hand. */
async function outsider(bundle: object): Promise<{ readonly code: number; readonly said: string }> {
  const file = path.join(folder, 'bundle.json')
  await writeFile(file, JSON.stringify(bundle))
  const words = ['examples/verify-bundle.mjs', file, '--rpc', anvil.url, '--contract', anchoring.chain.contract]
  return new Promise((resolve) => {
    execFile(process.execPath, words, (error, said) => resolve({ code: error === null ? 0 : Number(error.code), said }))
  })
}

async function bundleOf(context: typeof world.context, record: Id<'rec'> | undefined): Promise<object> {
  if (record === undefined) throw new Error('the record was appended')
  return makeBundle(context, { record })
}

test('an outsider finds a record’s checkpoint in the contract, and another log’s not', async () => {
  const [record] = await appendSome(world.context, 5)
  await sealAll(world.context, world.owner)
  await signCheckpoint(world.context, { origin: 'log.example' })
  const bundle = await bundleOf(world.context, record)
  expect(await outsider(bundle)).toMatchObject({
    code: 1,
    said: expect.stringMatching(/wrong +chain +the contract holds no/),
  })
  expect((await anchoring.turn()).state).toBe('SENT')
  expect(await outsider(bundle)).toMatchObject({
    code: 0,
    said: expect.stringMatching(/ok +chain +anchor 1 holds the root of 5 records/),
  })
  const other = await createWorld()
  const [stranger] = await appendSome(other.context, 5)
  await sealAll(other.context, other.owner)
  await signCheckpoint(other.context, { origin: 'log.example' })
  const forged = await bundleOf(other.context, stranger).finally(other.close)
  expect(await outsider(forged)).toMatchObject({
    code: 1,
    said: expect.stringMatching(/wrong +chain +anchor 1 holds another root for 5 records/),
  })
})
