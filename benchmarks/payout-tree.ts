import { randomBytes } from 'node:crypto'
import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import type { PayoutRound } from '../contracts/payout-leaf.ts'
import { buildPayoutTree } from '../contracts/payout-tree.ts'
import { type BenchOptions, type BenchResult, compare, measure, numberOption } from './harness.ts'

const TYPES = ['uint256', 'address', 'uint256', 'uint256', 'address', 'uint256', 'bytes32']
const LEAST_SPEEDUP = 5
const MOST_SECONDS = 5

/**
 * Builds a payout round's tree, leaves hashed and root known, beside OpenZeppelin's library on leaves of the same kind.
 * The library takes most of a minute for 100,000, so it is given the first 10,000 of them and judged per leaf: both do a
 * constant number of hashes for each leaf, and the roots of those 10,000 must agree.
 * Options: `--leaves 100000`, `--peer-leaves 10000`.
 */
export async function run(options: BenchOptions): Promise<readonly BenchResult[]> {
  const count = numberOption(options, 'leaves', 100_000)
  const peerCount = Math.min(count, numberOption(options, 'peer-leaves', 10_000))
  const round: PayoutRound = { chainId: 1n, contract: hex(20), number: 1n }
  const leaves = Array.from({ length: count }, () => ({ account: hex(20), amount: 12_345_678n, salt: hex(32) }))
  const seconds = await measure(`${count} leaves`, () => buildPayoutTree(round, leaves))
  const few = leaves.slice(0, peerCount)
  const values = few.map(({ account, amount, salt }, index) => [
    ...[round.chainId, round.contract, round.number, BigInt(index)],
    ...[account, amount, salt],
  ])
  let theirs = ''
  const peerSeconds = await measure(`${peerCount} leaves with OpenZeppelin’s library`, () => {
    theirs = StandardMerkleTree.of(values, TYPES).root
  })
  if (theirs !== buildPayoutTree(round, few).root) throw new Error('the two trees have different roots')
  return [
    compare({
      name: `tree of ${count} leaves`,
      ours: count / seconds,
      peer: peerCount / peerSeconds,
      unit: `leaves/s (peer: @openzeppelin/merkle-tree, ${peerCount})`,
      target: LEAST_SPEEDUP,
      better: 'higher',
    }),
    compare({
      name: `time for ${count} leaves`,
      ours: seconds,
      peer: (MOST_SECONDS * count) / 100_000,
      unit: `s (peer: the limit, ${MOST_SECONDS} s for 100,000)`,
      target: 1,
      better: 'lower',
    }),
  ]
}

function hex(bytes: number): string {
  return `0x${randomBytes(bytes).toString('hex')}`
}
