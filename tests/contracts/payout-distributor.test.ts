import { randomBytes } from 'node:crypto'
import type { Contract, Wallet } from 'ethers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PayoutLeaf, PayoutRound } from '../../contracts/payout-leaf.ts'
import { buildPayoutTree, type PayoutTree } from '../../contracts/payout-tree.ts'
import { FUNDED_KEYS, useAnvil } from '../support/anvil.ts'
import { deploy, deployFixture, walletOn } from './deploy.ts'

const CHAIN_ID = 31_337n
const HOUR = 3600
const anvil = useAnvil()
let owner: Wallet
let stranger: Wallet
let token: Contract
let distributor: Contract

beforeAll(() => {
  owner = walletOn(anvil)
  stranger = walletOn(anvil, FUNDED_KEYS[1])
})
afterAll(() => {
  for (const each of [owner, stranger]) each.provider?.destroy()
})
beforeEach(async () => {
  token = await deployFixture(owner, 'TestToken', [])
  distributor = await deploy(owner, 'PayoutDistributor', [await token.getAddress(), owner.address])
  await call(token, 'mint', [owner.address, 10_000_000n])
  await call(token, 'approve', [await distributor.getAddress(), 10_000_000n])
})

/** A round with leaves of these amounts, one account each. */
type Opened = { readonly number: bigint; readonly leaves: readonly PayoutLeaf[]; readonly tree: PayoutTree }

const hex = (bytes: number): string => `0x${randomBytes(bytes).toString('hex')}`

async function call(contract: Contract, name: string, parameters: readonly unknown[]): Promise<void> {
  const sent = await contract.getFunction(name)(...parameters)
  await sent.wait()
}

/** The custom error that a call would end with, with its arguments; `none` when it would go through. */
async function refusal(contract: Contract, name: string, parameters: readonly unknown[]): Promise<unknown[]> {
  try {
    await contract.getFunction(name).staticCall(...parameters)
    return ['none']
  } catch (error) {
    const { revert, data } = error as { revert?: { name: string; args: Iterable<unknown> } | null; data?: string }
    return revert ? [revert.name, ...revert.args] : [data ?? 'unknown']
  }
}

async function chainTime(): Promise<number> {
  return (await owner.provider?.getBlock('latest'))?.timestamp ?? 0
}

/** The next block comes so many seconds after the last, and others follow it. */
async function pass(seconds: number): Promise<void> {
  await anvil.send('evm_increaseTime', [seconds])
  await anvil.mine()
}

async function roundOf(
  number: bigint,
  amounts: readonly bigint[],
  changes: Partial<PayoutRound> = {},
): Promise<Opened> {
  const leaves = amounts.map((amount) => ({ account: hex(20), amount, salt: hex(32) }))
  const contract = await distributor.getAddress()
  return { number, leaves, tree: buildPayoutTree({ chainId: CHAIN_ID, contract, number, ...changes }, leaves) }
}

const totalOf = ({ leaves }: Opened): bigint => leaves.reduce((all, { amount }) => all + amount, 0n)

async function open(round: Opened, { total = totalOf(round) } = {}): Promise<Opened> {
  await call(distributor, 'openRound', [round.number, round.tree.root, total, (await chainTime()) + HOUR])
  return round
}

function claimOf({ number, leaves, tree }: Opened, index: number, changes: Partial<PayoutLeaf> = {}): unknown[] {
  const leaf = leaves[index]
  if (leaf === undefined) throw new Error(`there is no leaf ${index}`)
  const { account, amount, salt } = { ...leaf, ...changes }
  return [number, index, account, amount, salt, tree.proofOf(index)]
}

async function balance(of: string): Promise<bigint> {
  return token.getFunction('balanceOf')(of)
}

describe('a round', () => {
  test('is claimed by anybody for the account, once, until all is paid', async () => {
    const round = await open(await roundOf(1n, [100n, 250n, 7n]))
    expect([...(await distributor.getFunction('rounds')(1n))].slice(0, 3)).toEqual([round.tree.root, 357n, 0n])
    const foreign = distributor.connect(stranger) as Contract
    for (const index of [1, 0, 2]) await call(foreign, 'claim', claimOf(round, index))
    expect(await Promise.all(round.leaves.map(({ account }) => balance(account)))).toEqual([100n, 250n, 7n])
    expect(await balance(stranger.address)).toBe(0n)
    expect(await balance(await distributor.getAddress())).toBe(0n)
    for (const index of [0, 1, 2]) {
      expect(await refusal(foreign, 'claim', claimOf(round, index))).toEqual(['AlreadyClaimed', 1n, BigInt(index)])
    }
    const events = await distributor.queryFilter('Claimed', 0)
    expect(events.map((event) => ('args' in event ? [...event.args] : []))).toEqual([
      [1n, 1n, checksummed(round, 1), 250n],
      [1n, 0n, checksummed(round, 0), 100n],
      [1n, 2n, checksummed(round, 2), 7n],
    ])
  })

  test('of more than 256 leaves keeps each leaf apart', async () => {
    const round = await open(await roundOf(1n, Array<bigint>(600).fill(3n)))
    for (const index of [0, 255, 256, 511, 512, 599]) await call(distributor, 'claim', claimOf(round, index))
    const claimed = await Promise.all(round.leaves.map((_, index) => distributor.getFunction('isClaimed')(1n, index)))
    expect(claimed.flatMap((is, index) => (is ? [index] : []))).toEqual([0, 255, 256, 511, 512, 599])
    expect(await distributor.getFunction('claimedWords')(1n, 1n)).toBe(1n | (1n << 255n))
  })

  test('is refused what its leaves do not say: amount, account, salt, index, proof', async () => {
    const round = await open(await roundOf(1n, [100n, 250n, 7n, 9n]))
    const [, , account, amount, salt, proof] = claimOf(round, 0)
    const changed = [
      claimOf(round, 0, { amount: 101n }),
      claimOf(round, 0, { account: stranger.address }),
      claimOf(round, 0, { salt: hex(32) }),
      [1n, 1, account, amount, salt, proof],
      [1n, 0, account, amount, salt, round.tree.proofOf(1)],
      [1n, 0, account, amount, salt, []],
    ]
    for (const parameters of changed) expect(await refusal(distributor, 'claim', parameters)).toEqual(['ProofInvalid'])
    expect(await refusal(distributor, 'claim', claimOf(round, 0))).toEqual(['none'])
  })

  test('does not take a proof of another round, contract or chain, though the leaves are the same', async () => {
    const first = await open(await roundOf(1n, [100n, 250n]))
    const contract = await distributor.getAddress()
    const treeOf = (of: PayoutRound): PayoutTree => buildPayoutTree(of, first.leaves)
    const second = await open({ ...first, number: 2n, tree: treeOf({ chainId: CHAIN_ID, contract, number: 2n }) })
    expect(await refusal(distributor, 'claim', claimOf({ ...first, number: 2n }, 0))).toEqual(['ProofInvalid'])
    expect(await refusal(distributor, 'claim', claimOf({ ...second, number: 1n }, 0))).toEqual(['ProofInvalid'])
    expect(await refusal(distributor, 'claim', claimOf({ ...first, number: 9n }, 0))).toEqual(['RoundUnknown', 9n])
    const elsewhere = [
      { chainId: CHAIN_ID, contract: await token.getAddress(), number: 3n },
      { chainId: 1n, contract, number: 4n },
    ]
    for (const of of elsewhere) {
      const round = await open({ ...first, number: of.number, tree: treeOf(of) })
      expect(await refusal(distributor, 'claim', claimOf(round, 0))).toEqual(['ProofInvalid'])
    }
  })

  test('ends at its deadline, to the second, and only then is swept, once, by the owner', async () => {
    const round = await open(await roundOf(1n, [100n, 250n]))
    await call(distributor, 'claim', claimOf(round, 0))
    const [, , , deadline] = await distributor.getFunction('rounds')(1n)
    expect(await refusal(distributor, 'sweep', [1n])).toEqual(['DeadlineNotPassed', deadline])
    await anvil.send('evm_setNextBlockTimestamp', [Number(deadline)])
    await anvil.mine()
    expect(await refusal(distributor, 'claim', claimOf(round, 1))).toEqual(['none'])
    expect(await refusal(distributor, 'sweep', [1n])).toEqual(['DeadlineNotPassed', deadline])
    await anvil.send('evm_setNextBlockTimestamp', [Number(deadline) + 1])
    await anvil.mine()
    expect(await refusal(distributor, 'claim', claimOf(round, 1))).toEqual(['DeadlinePassed', deadline])
    const foreign = distributor.connect(stranger) as Contract
    expect(await refusal(foreign, 'sweep', [1n])).toEqual(['OwnableUnauthorizedAccount', stranger.address])
    const before = await balance(owner.address)
    await call(distributor, 'sweep', [1n])
    expect((await balance(owner.address)) - before).toBe(250n)
    expect(await refusal(distributor, 'sweep', [1n])).toEqual(['AlreadySwept', 1n])
    expect(await refusal(distributor, 'sweep', [2n])).toEqual(['RoundUnknown', 2n])
  })

  test('that was claimed in full is swept of nothing', async () => {
    const round = await open(await roundOf(1n, [100n]))
    await call(distributor, 'claim', claimOf(round, 0))
    await open(await roundOf(2n, [50n]))
    await pass(HOUR + 1)
    const before = await balance(owner.address)
    await call(distributor, 'sweep', [1n])
    expect((await balance(owner.address)) - before).toBe(0n)
    expect(await balance(await distributor.getAddress())).toBe(50n)
  })

  test('that has less than its leaves promise never pays out of another', async () => {
    const poor = await open(await roundOf(1n, [100n, 250n]), { total: 300n })
    await open(await roundOf(2n, [1000n]))
    await call(distributor, 'claim', claimOf(poor, 1))
    expect(await refusal(distributor, 'claim', claimOf(poor, 0))).toEqual(['RoundExhausted', 50n, 100n])
    await pass(HOUR + 1)
    await call(distributor, 'sweep', [1n])
    expect(await balance(await distributor.getAddress())).toBe(1000n)
  })
})

describe('opening a round', () => {
  test('takes a number once, needs a root, money and time, and is for the owner', async () => {
    const { tree } = await open(await roundOf(1n, [100n]))
    const later = (await chainTime()) + HOUR
    expect(await refusal(distributor, 'openRound', [1n, hex(32), 5n, later])).toEqual(['RoundExists', 1n])
    expect(await refusal(distributor, 'openRound', [2n, `0x${'00'.repeat(32)}`, 5n, later])).toEqual(['RoundEmpty'])
    expect(await refusal(distributor, 'openRound', [2n, tree.root, 0n, later])).toEqual(['RoundEmpty'])
    const now = await chainTime()
    expect(await refusal(distributor, 'openRound', [2n, tree.root, 5n, now])).toEqual(['DeadlinePassed', BigInt(now)])
    const foreign = distributor.connect(stranger) as Contract
    expect(await refusal(foreign, 'openRound', [2n, tree.root, 5n, later])).toEqual([
      'OwnableUnauthorizedAccount',
      stranger.address,
    ])
  })

  test('fails as a whole when the token takes a fee, refuses or lacks the money', async () => {
    const later = (await chainTime()) + HOUR
    const parameters = [1n, hex(32), 1_000_000n, later]
    await call(token, 'setFee', [10_000n])
    expect(await refusal(distributor, 'openRound', parameters)).toEqual(['FundingDiffers', 990_000n, 1_000_000n])
    await call(token, 'setFee', [0n])
    await call(token, 'setRefuses', [true])
    expect(await refusal(distributor, 'openRound', parameters)).toEqual([
      'SafeERC20FailedOperation',
      await token.getAddress(),
    ])
    await call(token, 'setRefuses', [false])
    const tooMuch = await refusal(distributor, 'openRound', [1n, hex(32), 10_000_001n, later])
    expect(tooMuch).not.toEqual(['none'])
    expect(await refusal(distributor, 'openRound', parameters)).toEqual(['none'])
  })
})

describe('a token that misbehaves', () => {
  test('and blocks one account leaves the others their money, and the blocked one its claim', async () => {
    const round = await open(await roundOf(1n, [100n, 250n, 7n]))
    const [blocked = ''] = round.leaves.map(({ account }) => account)
    await call(token, 'setBlocked', [blocked, true])
    expect(await refusal(distributor, 'claim', claimOf(round, 0))).not.toEqual(['none'])
    for (const index of [1, 2]) await call(distributor, 'claim', claimOf(round, index))
    expect(await distributor.getFunction('isClaimed')(1n, 0)).toBe(false)
    await call(token, 'setBlocked', [blocked, false])
    await call(distributor, 'claim', claimOf(round, 0))
    expect(await balance(blocked)).toBe(100n)
  })

  test('and answers false marks nothing as claimed', async () => {
    const round = await open(await roundOf(1n, [100n]))
    await call(token, 'setRefuses', [true])
    expect(await refusal(distributor, 'claim', claimOf(round, 0))).toEqual([
      'SafeERC20FailedOperation',
      await token.getAddress(),
    ])
    await call(token, 'setRefuses', [false])
    await call(distributor, 'claim', claimOf(round, 0))
    expect(await balance(round.leaves[0]?.account ?? '')).toBe(100n)
  })

  test('and calls back in cannot claim, sweep or open again', async () => {
    const round = await open(await roundOf(1n, [100n, 250n]))
    const contract = await distributor.getAddress()
    const again = distributor.interface.encodeFunctionData('claim', claimOf(round, 1))
    await call(token, 'setCallback', [contract, again])
    expect(await refusal(distributor, 'claim', claimOf(round, 0))).toEqual(['ReentrancyGuardReentrantCall'])
    expect(await distributor.getFunction('isClaimed')(1n, 1)).toBe(false)
  })
})

test('ownership moves in two steps and is never given up', async () => {
  expect(await refusal(distributor, 'renounceOwnership', [])).toEqual(['OwnerRequired'])
  await call(distributor, 'transferOwnership', [stranger.address])
  expect(await distributor.getFunction('owner')()).toBe(owner.address)
  await call(distributor.connect(stranger) as Contract, 'acceptOwnership', [])
  expect(await distributor.getFunction('owner')()).toBe(stranger.address)
  expect(await refusal(distributor, 'sweep', [1n])).toEqual(['OwnableUnauthorizedAccount', owner.address])
})

function checksummed({ leaves }: Opened, index: number): unknown {
  return expect.stringMatching(new RegExp(`^${leaves[index]?.account}$`, 'i'))
}
