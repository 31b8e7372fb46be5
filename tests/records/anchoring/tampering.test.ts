import { afterEach, describe, expect, test } from 'vitest'
import { openAnchorContract } from '../../../contracts/anchor-contract.ts'
import { signerOfKey } from '../../../contracts/signer.ts'
import { anchorLog } from '../../../records/anchoring/anchor-log.ts'
import type { Publication } from '../../../records/anchoring/chain.ts'
import { verifyAnchors } from '../../../records/anchoring/verify-anchors.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import { type Anvil, FUNDED_KEYS, startAnvil, useAnvil } from '../../support/anvil.ts'
import { behindGuards } from '../../support/behind-guards.ts'
import { createWorld, type TestWorld, useWorld } from '../../support/database.ts'
import { appendSome, sealAll } from '../sealed-log.ts'
import { POLICY, useAnchoring } from './scene.ts'

const world = useWorld()
const anvil = useAnvil()
const anchoring = useAnchoring(world, anvil)
const { turn, grow } = anchoring
const verify = () => verifyAnchors(world.context, anchoring.chain)

let other: Anvil | undefined
afterEach(async () => {
  await other?.kill()
  other = undefined
})

/** Publishes what the log did not say, with the account's own key. */
async function publish(publication: Publication): Promise<void> {
  const { chain } = anchoring
  const quoted = await chain.quote(publication)
  if ('refused' in quoted) throw new Error(quoted.refused)
  const { chainId } = await chain.identify()
  const fees = { gasLimit: quoted.gasLimit, maxFee: quoted.baseFee * 2n + 10n ** 11n, priorityFee: 10n ** 10n }
  const { bytes } = await chain.sign(publication, fees, { nonce: (await chain.nonces()).pending, chainId })
  expect(await chain.broadcast(bytes)).toEqual({ outcome: 'ACCEPTED' })
}

/** What a superuser can do who holds the signing key too: another record, in all that is computed from it. */
async function rewriteLog(at: TestWorld): Promise<void> {
  await behindGuards(
    at.owner,
    'delete from checkpoints',
    'update seal_head set edge = array(select set_byte(e, 0, get_byte(e, 0) # 1) from unnest(edge) as e)',
  )
}

const forged = Buffer.alloc(32, 9)

test('a log that was anchored and only grew has no findings', async () => {
  for (const count of [3, 40, 300]) {
    await grow(count)
    expect((await turn()).state).toBe('SENT')
  }
  const progress: unknown[] = []
  expect(await verifyAnchors(world.context, anchoring.chain, { onProgress: (each) => progress.push(each) })).toEqual([])
  expect(progress).toEqual([{ done: 3, total: 3 }])
})

describe('anchoring stops, loudly, signs nothing and is found by verification', () => {
  test('when more records were anchored than the log has', async () => {
    const { size, root } = await grow(2)
    await turn()
    await publish({ sequence: 2n, size: BigInt(size) + 5n, root: forged, previousRoot: root })
    await grow(1)
    const why = `${size + 5} records were anchored, and the log has only ${size + 1}: it was cut off, or another log is anchored there`
    expect(await turn()).toMatchObject({ state: 'STOPPED', why })
    expect(await verify()).toEqual([{ where: `anchor 2 of ${size + 5} records`, what: why }])
  })

  test('when more were anchored than any log can have', async () => {
    await grow(1)
    await publish({ sequence: 1n, size: 2n ** 64n - 1n, root: forged, previousRoot: Buffer.alloc(32) })
    expect(await turn()).toMatchObject({
      state: 'STOPPED',
      why: expect.stringMatching(/^18446744073709551615 records/),
    })
    expect(await verify()).toHaveLength(1)
  })

  test('when another root was anchored for a size that we signed', async () => {
    const { size } = await grow(4)
    await publish({ sequence: 1n, size: BigInt(size), root: forged, previousRoot: Buffer.alloc(32) })
    const why = `the first ${size} records are not those that were anchored: the log was changed, or another log is anchored there`
    expect(await turn()).toMatchObject({ state: 'STOPPED', why })
    expect(await verify()).toEqual([{ where: `anchor 1 of ${size} records`, what: why }])
  })

  test('when the node is of another chain than the contract was found on', async () => {
    await grow(1)
    await turn()
    other = await startAnvil({ chainId: 31_338 })
    const { contract } = anchoring.chain
    const elsewhere = openAnchorContract({ rpcUrl: other.url, contract, signer: signerOfKey(FUNDED_KEYS[0]) })
    expect(await anchorLog(world.context, { chain: elsewhere, policy: POLICY })).toMatchObject({
      state: 'STOPPED',
      why: 'the contract was found on the chain 31337 before, and the node is of the chain 31338',
    })
    elsewhere.close()
  })
})

test('a forged anchor among good ones is named, and so is one that follows another than the one before', async () => {
  const first = await grow(3)
  await turn()
  await publish({ sequence: 2n, size: BigInt(first.size) + 1n, root: forged, previousRoot: first.root })
  const third = await grow(5)
  await publish({ sequence: 3n, size: BigInt(third.size), root: third.root, previousRoot: forged })
  expect(await verify()).toEqual([
    {
      where: `anchor 2 of ${first.size + 1} records`,
      what: expect.stringContaining('are not those that were anchored'),
    },
  ])
  const { chain } = anchoring
  const lying = {
    ...chain,
    anchors: async (range: { from: bigint; to: bigint }) =>
      (await chain.anchors(range)).map((each) => ({ ...each, previousRoot: first.root })),
  }
  expect(await verifyAnchors(world.context, lying)).toContainEqual({
    where: `anchor 3 of ${third.size} records`,
    what: 'it does not follow the anchor before',
  })
})

test('a log that was rewritten with its checkpoints is found by its anchors, and nothing more is anchored', async () => {
  const rewritten = await createWorld()
  try {
    await appendSome(rewritten.context, 9)
    await sealAll(rewritten.context, rewritten.owner)
    await signCheckpoint(rewritten.context, { origin: 'log.example' })
    const parts = { chain: anchoring.chain, policy: POLICY }
    expect((await anchorLog(rewritten.context, parts)).state).toBe('SENT')
    await rewriteLog(rewritten)
    expect((await signCheckpoint(rewritten.context, { origin: 'log.example' })).size).toBe(9)
    const what = expect.stringContaining('the first 9 records are not those that were anchored')
    expect(await verifyAnchors(rewritten.context, anchoring.chain)).toEqual([{ where: 'anchor 1 of 9 records', what }])
    expect(await anchorLog(rewritten.context, parts)).toMatchObject({ state: 'STOPPED', why: what })
  } finally {
    await rewritten.close()
  }
})

test('a contract that is not there is waited for, and is a finding', async () => {
  const chain = openAnchorContract({
    rpcUrl: anvil.url,
    contract: '0x000000000000000000000000000000000000dEaD',
    signer: signerOfKey(FUNDED_KEYS[0]),
  })
  expect(await anchorLog(world.context, { chain, policy: POLICY })).toMatchObject({
    state: 'WAITING',
    why: 'the chain 31337 has no contract at 0x000000000000000000000000000000000000dEaD',
  })
  expect(await verifyAnchors(world.context, chain)).toEqual([
    { where: `the contract ${chain.contract}`, what: 'it is not on the chain 31337' },
  ])
  chain.close()
})

test('after a restore that lost the outbox, the anchors on the chain are taken for what they are', async () => {
  await grow(2)
  await turn()
  await world.owner`truncate anchor_attempts, anchor_intents, anchor_contracts`
  expect((await turn()).state).toBe('CURRENT')
  const { size } = await grow(2)
  expect((await turn()).state).toBe('SENT')
  expect(await anchoring.chain.head()).toMatchObject({ sequence: 2n, size: BigInt(size) })
})

test('an intent that does not follow the head any more is given up for one that does', async () => {
  await grow(2)
  await turn()
  const second = await grow(2)
  await anvil.automine(false)
  expect((await turn()).state).toBe('SENT')
  await anvil.reorganise(1)
  await anvil.send('anvil_dropAllTransactions')
  // a twin of ours, restored from a backup, was faster with an anchor of the same log
  await publish({ sequence: 1n, size: BigInt(second.size), root: second.root, previousRoot: Buffer.alloc(32) })
  await anvil.mine()
  const third = await grow(2)
  expect((await turn()).state).toBe('SENT')
  await anvil.mine()
  expect((await turn()).state).toBe('CURRENT')
  expect(await anchoring.chain.anchors({ from: 1n, to: 2n })).toMatchObject([
    { size: BigInt(second.size) },
    { size: BigInt(third.size), previousRoot: second.root },
  ])
  expect(await verify()).toEqual([])
})
