import { hash } from 'node:crypto'
import { type Contract, type Wallet, ZeroHash } from 'ethers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EMPTY_ROOT, leafHash } from '../../records/merkle/hashes.ts'
import { inclusionRanges, type Range } from '../../records/merkle/proof-ranges.ts'
import { appendEntries, EMPTY_TREE, rootOf, rootOfRange, type Tree } from '../../records/merkle/tiles.ts'
import { verifyInclusion } from '../../records/merkle/verify-proofs.ts'
import { FUNDED_KEYS, useAnvil } from '../support/anvil.ts'
import { deploy, walletOn } from './deploy.ts'

const anvil = useAnvil()
let wallet: Wallet
let stranger: Wallet

beforeAll(() => {
  wallet = walletOn(anvil)
  stranger = walletOn(anvil, FUNDED_KEYS[1])
})
afterAll(() => {
  for (const each of [wallet, stranger]) each.provider?.destroy()
})

const entryOf = (leaf: number): Buffer => hash('sha256', `entry ${leaf}`, 'buffer')
const root = (of: string): string => `0x${hash('sha256', of)}`

async function freshAnchor(): Promise<Contract> {
  return deploy(wallet, 'LedgerAnchor', [wallet.address, wallet.address])
}

async function publish(contract: Contract, parameters: readonly unknown[]): Promise<void> {
  const sent = await contract.getFunction('publish')(...parameters)
  await sent.wait()
}

/** The custom error that a publish ends with. */
async function refusal(contract: Contract, parameters: readonly unknown[]): Promise<{ name: string; args: unknown[] }> {
  const error = await contract
    .getFunction('publish')
    .staticCall(...parameters)
    .then(
      () => undefined,
      (thrown: { revert?: { name: string; args: Iterable<unknown> } }) => thrown,
    )
  return { name: error?.revert?.name ?? 'none', args: [...(error?.revert?.args ?? [])] }
}

describe('publishing', () => {
  test('begins at nothing, and each anchor names the one before', async () => {
    const contract = await freshAnchor()
    const head = contract.getFunction('head')
    const anchors = contract.getFunction('anchors')
    expect([...(await head())]).toEqual([0n, 0n, ZeroHash])
    expect([...(await anchors(0))]).toEqual([0n, ZeroHash, ZeroHash, 0n])
    await publish(contract, [1n, 10n, root('a'), ZeroHash])
    await publish(contract, [2n, 25n, root('b'), root('a')])
    expect([...(await head())]).toEqual([2n, 25n, root('b')])
    expect([...(await anchors(1))].slice(0, 3)).toEqual([10n, root('a'), ZeroHash])
    const second = await anchors(2)
    expect([...second].slice(0, 3)).toEqual([25n, root('b'), root('a')])
    const block = await wallet.provider?.getBlock('latest')
    expect(second[3]).toBe(BigInt(block?.timestamp ?? 0))
    const events = await contract.queryFilter('Anchored', 0)
    expect(events.map((event) => ('args' in event ? [...event.args] : []))).toEqual([
      [1n, 10n, root('a'), ZeroHash, wallet.address],
      [2n, 25n, root('b'), root('a'), wallet.address],
    ])
  })

  test('refuses a number that is not the next, a log that did not grow, and another history', async () => {
    const contract = await freshAnchor()
    await publish(contract, [1n, 10n, root('a'), ZeroHash])
    for (const sequence of [0n, 1n, 3n, 2n ** 64n - 1n]) {
      expect(await refusal(contract, [sequence, 11n, root('b'), root('a')])).toEqual({
        name: 'SequenceNotNext',
        args: [sequence, 2n],
      })
    }
    for (const size of [0n, 9n, 10n]) {
      expect(await refusal(contract, [2n, size, root('b'), root('a')])).toEqual({
        name: 'SizeNotLarger',
        args: [size, 10n],
      })
    }
    for (const previous of [root('b'), ZeroHash]) {
      expect(await refusal(contract, [2n, 11n, root('b'), previous])).toEqual({
        name: 'PreviousRootDiffers',
        args: [previous, root('a')],
      })
    }
    expect([...(await contract.getFunction('head')())]).toEqual([1n, 10n, root('a')])
  })

  test('is for the role alone, which the administrator gives and takes', async () => {
    const contract = await freshAnchor()
    const foreign = contract.connect(stranger) as Contract
    const first = [1n, 10n, root('a'), ZeroHash]
    expect((await refusal(foreign, first)).name).toBe('AccessControlUnauthorizedAccount')
    const role = await contract.getFunction('ANCHOR_ROLE')()
    await (await contract.getFunction('grantRole')(role, stranger.address)).wait()
    await (await contract.getFunction('revokeRole')(role, wallet.address)).wait()
    await publish(foreign, first)
    expect((await refusal(contract, [2n, 11n, root('b'), root('a')])).name).toBe('AccessControlUnauthorizedAccount')
  })
})

describe('verifyInclusion on chain', { timeout: 120_000 }, () => {
  const sizes = [...Array.from({ length: 21 }, (_, before) => before + 1), 31, 32, 33, 64, 65, 255, 256]
  let contract: Contract
  let trees: ReadonlyMap<number, Tree>

  beforeAll(async () => {
    contract = await freshAnchor()
    const grown = new Map<number, Tree>()
    let previous = ZeroHash
    for (const [place, size] of sizes.entries()) {
      const entries = Buffer.concat(Array.from({ length: size }, (_, leaf) => entryOf(leaf)))
      const { tree } = appendEntries(EMPTY_TREE, entries)
      grown.set(size, tree)
      const anchored = `0x${rootOf(tree).toString('hex')}`
      await publish(contract, [place + 1, size, anchored, previous])
      previous = anchored
    }
    trees = grown
  })

  const treeOf = (size: number): Tree => trees.get(size) ?? EMPTY_TREE
  const sequenceOf = (size: number): number => sizes.indexOf(size) + 1

  /** Also where a tile is full: these trees are small enough to be made again from their leaves. */
  function proofOf(index: number, size: number): readonly Buffer[] {
    return inclusionRanges(index, size).map((range: Range) => {
      const leaves = Array.from({ length: range.to - range.from }, (_, leaf) => entryOf(range.from + leaf))
      const { tree } = appendEntries(EMPTY_TREE, Buffer.concat(leaves))
      return rootOfRange({ from: 0, to: tree.size }, tree, () => EMPTY_ROOT)
    })
  }

  type Claimed = { sequence: number; index: number; commitment: Buffer; proof: readonly Buffer[] }
  async function onChain({ sequence, index, commitment, proof }: Claimed): Promise<boolean> {
    return contract.getFunction('verifyInclusion')(sequence, index, commitment, proof)
  }

  test('agrees for every index of every size', async () => {
    const claims = sizes.flatMap((size) =>
      Array.from({ length: size }, (_, index) => index)
        .filter((index) => size < 64 || index % 17 === 0 || index >= size - 2)
        .map((index) => ({
          sequence: sequenceOf(size),
          index,
          commitment: entryOf(index),
          proof: proofOf(index, size),
        })),
    )
    expect(claims.length).toBeGreaterThan(350)
    const answers = await Promise.all(claims.map(onChain))
    expect(answers.filter((holds) => holds)).toHaveLength(claims.length)
  })

  test('refuses every tampered claim, as our own verifier does', async () => {
    const tampered = [1, 2, 3, 7, 8, 13, 20, 33].flatMap((size) => {
      const index = Math.floor((size * 2) / 3)
      const good = { sequence: sequenceOf(size), index, commitment: entryOf(index), proof: proofOf(index, size) }
      const { proof } = good
      const flipped = proof.map((_, place) => proof.map((each, at) => (at === place ? flip(each) : each)))
      return [
        { size, ...good, commitment: flip(good.commitment) },
        { size, ...good, commitment: entryOf(index + 1) },
        { size, ...good, index: size },
        { size, ...good, index: size * 2 + 1 },
        ...(size > 1 ? [{ size, ...good, index: (index + 1) % size }] : []),
        ...(size > 1 ? [{ size, ...good, proof: proof.slice(1) }] : []),
        ...(size > 1 ? [{ size, ...good, proof: proof.slice(0, -1) }] : []),
        { size, ...good, proof: [...proof, EMPTY_ROOT] },
        { size, ...good, proof: [EMPTY_ROOT, ...proof] },
        ...flipped.map((each) => ({ size, ...good, proof: each })),
      ]
    })
    expect(tampered.length).toBeGreaterThan(80)
    const answers = await Promise.all(tampered.map(onChain))
    expect(answers.filter((holds) => holds)).toEqual([])
    for (const { size, index, commitment, proof } of tampered) {
      const claim = { index, size, leaf: leafHash(commitment), root: rootOf(treeOf(size)), proof }
      expect(verifyInclusion(claim)).toBe(false)
    }
  })

  test('says no for an anchor that does not exist, and for another anchor’s tree', async () => {
    const good = { index: 2, commitment: entryOf(2), proof: proofOf(2, 7) }
    expect(await onChain({ ...good, sequence: 7 })).toBe(true)
    for (const sequence of [0, 6, 8, sizes.length + 1, 2 ** 40])
      expect(await onChain({ ...good, sequence })).toBe(false)
  })
})

function flip(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes)
  flipped.writeUInt8(flipped.readUInt8(31) ^ 1, 31)
  return flipped
}
