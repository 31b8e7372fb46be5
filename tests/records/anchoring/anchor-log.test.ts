import { Contract, type Wallet } from 'ethers'
import { describe, expect, test } from 'vitest'
import { openAnchorContract } from '../../../contracts/anchor-contract.ts'
import { readArtifact } from '../../../contracts/artifact.ts'
import { signerOfKey } from '../../../contracts/signer.ts'
import { anchorLog } from '../../../records/anchoring/anchor-log.ts'
import { anchorStatus } from '../../../records/anchoring/anchor-status.ts'
import { walletOn } from '../../contracts/deploy.ts'
import { FUNDED_KEYS, useAnvil } from '../../support/anvil.ts'
import { useWorld } from '../../support/database.ts'
import { POLICY, useAnchoring } from './scene.ts'

const world = useWorld()
const anvil = useAnvil()
const anchoring = useAnchoring(world, anvil)
const { turn, grow, anchored } = anchoring
const status = () => anchorStatus(world.context, { contract: anchoring.chain.contract })
const later = (seconds: number): void => world.clock.set(new Date(world.clock.now().getTime() + seconds * 1000))

async function attempts(): Promise<
  readonly { readonly number: number; readonly nonce: number; readonly hash: string }[]
> {
  return (await status()).attempts.map(({ number, nonce, hash }) => ({ number, nonce, hash }))
}

/** Another transaction of the publishing account. */
async function sendForeign(nonce: number, gwei = 20n): Promise<void> {
  const wallet: Wallet = walletOn(anvil)
  const fee = gwei * 10n ** 9n
  const signed = await wallet.signTransaction({
    ...{ type: 2, chainId: 31_337n, to: wallet.address, value: 1n, gasLimit: 21_000n, nonce },
    ...{ maxFeePerGas: fee, maxPriorityFeePerGas: fee },
  })
  await anvil.send('eth_sendRawTransaction', [signed])
  wallet.provider?.destroy()
}

describe('in fair weather', () => {
  test('the latest checkpoint is anchored, once, and the next one behind it', async () => {
    const first = await grow(5)
    const sent = await turn()
    expect(sent).toMatchObject({ state: 'SENT', hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
    expect(await turn()).toMatchObject({ state: 'CURRENT' })
    expect(await anchoring.chain.head()).toEqual({ sequence: 1n, size: BigInt(first.size), root: first.root })
    await grow(3)
    const third = await grow(300)
    expect((await turn()).state).toBe('SENT')
    expect((await turn()).state).toBe('CURRENT')
    expect(await anchoring.chain.anchors({ from: 1n, to: 2n })).toMatchObject([
      { sequence: 1n, size: BigInt(first.size), root: first.root, previousRoot: Buffer.alloc(32) },
      { sequence: 2n, size: BigInt(third.size), root: third.root, previousRoot: first.root },
    ])
    expect(await attempts()).toHaveLength(2)
  })

  test('it keeps the pace it is told, and lag is counted from the oldest checkpoint that is not anchored', async () => {
    const everySeconds = 600
    await grow(1)
    expect((await turn({ everySeconds })).state).toBe('SENT')
    expect((await turn({ everySeconds })).state).toBe('CURRENT')
    later(100)
    const { size } = await grow(7)
    expect(await status()).toMatchObject({ state: 'EARLY', lag: { records: 7n, seconds: 0 } })
    later(400)
    await grow(2)
    later(99)
    expect((await turn({ everySeconds })).state).toBe('EARLY')
    expect(await status()).toMatchObject({ checkpointSize: size + 2, lag: { records: 9n, seconds: 499 } })
    later(1)
    expect((await turn({ everySeconds })).state).toBe('SENT')
    expect((await turn({ everySeconds })).state).toBe('CURRENT')
    expect((await status()).lag).toEqual({ records: 0n, seconds: 0 })
  })

  test('an anchor is final after the confirmations that are asked for', async () => {
    const { size } = await grow(1)
    expect((await status()).finality).toBe('NONE')
    await turn({ confirmations: 3 })
    await turn({ confirmations: 3 })
    expect(await status()).toMatchObject({ finality: 'UNCONFIRMED', anchoredSize: BigInt(size), confirmedSize: 0n })
    await anvil.mine(1)
    await turn({ confirmations: 3 })
    expect((await status()).finality).toBe('UNCONFIRMED')
    await anvil.mine(1)
    await turn({ confirmations: 3 })
    expect(await status()).toMatchObject({ finality: 'CONFIRMED', confirmedSize: BigInt(size) })
  })
})

describe('a transaction that waits', () => {
  test('is waited for, then replaced by one with the same nonce that pays at least an eighth more', async () => {
    await anvil.automine(false)
    const { size } = await grow(4)
    expect((await turn()).state).toBe('SENT')
    expect((await turn()).state).toBe('PENDING')
    later(119)
    expect((await turn()).state).toBe('PENDING')
    later(1)
    expect((await turn()).state).toBe('SENT')
    const [second, first] = (await status()).attempts.toSorted((a, b) => b.number - a.number)
    expect(second).toMatchObject({ number: 2, nonce: first?.nonce, refused: undefined })
    for (const fee of ['maxFee', 'priorityFee'] as const) {
      expect(Number(second?.[fee])).toBeGreaterThanOrEqual(Number(first?.[fee]) * 1.125)
    }
    await anvil.mine()
    expect(await anchored()).toBe(size)
    expect((await turn()).state).toBe('CURRENT')
    expect(await attempts()).toHaveLength(2)
  })

  test('and that the node dropped is handed over again, the same bytes', async () => {
    await anvil.automine(false)
    const { size } = await grow(1)
    const { hash } = await turn()
    await anvil.send('anvil_dropTransaction', [hash])
    expect(await turn()).toMatchObject({ state: 'SENT', hash })
    expect(await attempts()).toHaveLength(1)
    await anvil.mine()
    expect(await anchored()).toBe(size)
  })

  test('below a base fee that rose is replaced by one that pays it', async () => {
    await anvil.automine(false)
    const { size } = await grow(1)
    const { hash } = await turn()
    await anvil.send('anvil_dropTransaction', [hash])
    await anvil.send('anvil_setNextBlockBaseFeePerGas', ['0x4a817c800'])
    await anvil.mine()
    later(121)
    for (let turns = 0; turns < 3 && (await attempts()).length < 2; turns++) {
      await turn()
      later(121)
    }
    await anvil.mine()
    expect(await anchored()).toBe(size)
    expect(await attempts()).toHaveLength(2)
    await anvil.send('anvil_setNextBlockBaseFeePerGas', ['0x3b9aca00'])
    await anvil.mine()
  })
})

describe('a nonce', () => {
  test('that another transaction of the account used is left to it, and another one taken', async () => {
    await anvil.automine(false)
    const { size } = await grow(1)
    await turn()
    const [lost] = await attempts()
    await anvil.send('anvil_dropTransaction', [lost?.hash])
    await sendForeign(lost?.nonce ?? 0)
    await anvil.mine()
    expect(await anchored()).not.toBe(size)
    expect((await turn()).state).toBe('SENT')
    await anvil.mine()
    expect(await anchored()).toBe(size)
    expect((await attempts()).map(({ nonce }) => nonce).toSorted()).toEqual([lost?.nonce, (lost?.nonce ?? 0) + 1])
  })

  test('that another transaction waits with is not fought for', async () => {
    await anvil.automine(false)
    const { size } = await grow(1)
    const { hash } = await turn()
    const [own] = await attempts()
    await anvil.send('anvil_dropTransaction', [hash])
    await sendForeign(own?.nonce ?? 0, 200n)
    expect(await turn()).toMatchObject({ state: 'WAITING', why: 'the node refused the transaction: UNDERPRICED' })
    expect(await turn()).toMatchObject({ state: 'WAITING', why: expect.stringContaining('another transaction of') })
    expect(await attempts()).toHaveLength(1)
    await anvil.mine()
    expect((await turn()).state).toBe('SENT')
    await anvil.mine()
    expect(await anchored()).toBe(size)
  })

  test('behind a gap is given up for the one that fills it', async () => {
    await anvil.automine(false)
    const { size } = await grow(1)
    const before = await anchoring.chain.nonces()
    await sendForeign(before.pending)
    await turn()
    expect((await attempts())[0]?.nonce).toBe(before.pending + 1)
    await anvil.send('anvil_dropAllTransactions')
    expect((await turn()).state).toBe('SENT')
    await anvil.mine()
    expect(await anchored()).toBe(size)
    expect((await attempts()).map(({ nonce }) => nonce).toSorted()).toEqual([before.pending, before.pending + 1])
  })
})

describe('a reorganisation', () => {
  test('that takes back an anchor is seen in the head, and the same bytes are sent again', async () => {
    const { size } = await grow(2)
    const { hash } = await turn()
    await turn()
    await anvil.reorganise(1)
    expect(await anchored()).toBe(0)
    expect((await status()).anchoredSize).toBe(BigInt(size))
    // the node may have put the transaction back into its pool
    for (let turns = 0; turns < 3 && (await anchored()) === 0; turns++) {
      await turn()
      await anvil.mine()
    }
    expect(await anchored()).toBe(size)
    expect((await turn()).state).toBe('CURRENT')
    expect(await attempts()).toEqual([expect.objectContaining({ number: 1, hash })])
  })

  test('that takes back two anchors brings both again, in their order', async () => {
    const first = await grow(2)
    await turn()
    const second = await grow(2)
    await turn()
    expect(await anchored()).toBe(second.size)
    await anvil.reorganise(2)
    expect(await anchored()).toBe(0)
    for (let turns = 0; turns < 6 && (await anchored()) !== second.size; turns++) {
      await turn()
      await anvil.mine()
    }
    expect(await anchoring.chain.anchors({ from: 1n, to: 2n })).toMatchObject([
      { root: first.root },
      { root: second.root },
    ])
    expect((await turn()).state).toBe('CURRENT')
  })
})

describe('the budget', () => {
  test('is kept: while an anchor costs more it waits and says so, and goes on when it costs less', async () => {
    const { size } = await grow(1)
    const costly = await turn({ budgetWei: 10n ** 12n })
    expect(costly).toMatchObject({
      state: 'WAITING',
      why: expect.stringMatching(/^an anchor costs \d+ wei now, and the budget is 1000000000000 wei$/),
    })
    expect(await attempts()).toEqual([])
    expect(await status()).toMatchObject({ state: 'WAITING', why: costly.why })
    expect((await turn()).state).toBe('SENT')
    expect(await anchored()).toBe(size)
  })

  test('holds for replacements too', async () => {
    await anvil.automine(false)
    await grow(1)
    await turn()
    const [first] = (await status()).attempts
    const budgetWei = (first?.gasLimit ?? 0n) * (first?.maxFee ?? 0n)
    later(121)
    expect(await turn({ budgetWei })).toMatchObject({ state: 'WAITING', why: expect.stringContaining('the budget is') })
    expect(await attempts()).toHaveLength(1)
    await anvil.mine()
  })
})

describe('the account', () => {
  test('without money waits for it, and then sends the same bytes', async () => {
    const poor = signerOfKey(`0x${'17'.repeat(32)}`)
    await giveRole(poor.address)
    const chain = openAnchorContract({ rpcUrl: anvil.url, contract: anchoring.chain.contract, signer: poor })
    const { size } = await grow(1)
    const parts = { chain, policy: POLICY }
    const first = await anchorLog(world.context, parts)
    expect(first).toMatchObject({
      state: 'WAITING',
      why: expect.stringMatching(/^the node refused .*insufficient funds/i),
    })
    await anvil.send('anvil_setBalance', [poor.address, '0xde0b6b3a7640000'])
    expect(await anchorLog(world.context, parts)).toMatchObject({ state: 'SENT', hash: first.hash })
    expect(await anchored()).toBe(size)
    chain.close()
  })

  test('that is changed publishes with numbers of its own what the old one left unsent', async () => {
    await anvil.automine(false)
    const { size } = await grow(1)
    const { hash } = await turn()
    await anvil.send('anvil_dropTransaction', [hash])
    const next = signerOfKey(FUNDED_KEYS[4])
    await anvil.automine(true)
    await giveRole(next.address)
    const chain = openAnchorContract({ rpcUrl: anvil.url, contract: anchoring.chain.contract, signer: next })
    expect((await anchorLog(world.context, { chain, policy: POLICY })).state).toBe('SENT')
    expect(await anchored()).toBe(size)
    expect((await status()).attempts.toSorted((a, b) => a.number - b.number)).toMatchObject([
      { number: 1, publisher: anchoring.chain.publisher.toLowerCase() },
      { number: 2, publisher: next.address.toLowerCase(), nonce: 0 },
    ])
    chain.close()
  })
})

describe('a contract that refuses', () => {
  test('after a transaction was sent has reverted it: that is told, and one with a new number goes when it may', async () => {
    const publisher = signerOfKey(FUNDED_KEYS[4])
    await giveRole(publisher.address)
    const chain = openAnchorContract({ rpcUrl: anvil.url, contract: anchoring.chain.contract, signer: publisher })
    const parts = { chain, policy: POLICY }
    await anvil.automine(false)
    const { size } = await grow(1)
    const { hash = '' } = await anchorLog(world.context, parts)
    await outrunWithRevocation(publisher.address)
    expect(await chain.find(hash)).toBe('REVERTED')
    const why = expect.stringContaining('the contract would refuse the anchor')
    expect(await anchorLog(world.context, parts)).toMatchObject({ state: 'WAITING', why })
    await anvil.automine(true)
    await giveRole(publisher.address)
    expect((await anchorLog(world.context, parts)).state).toBe('SENT')
    expect(await anchored()).toBe(size)
    const numbers = (await status()).attempts.map(({ nonce }) => nonce).toSorted()
    expect(numbers).toEqual([numbers[0], (numbers[0] ?? 0) + 1])
    chain.close()
  })

  test('is not paid for it: what it says is told', async () => {
    await grow(1)
    await changeRole('revokeRole', anchoring.chain.publisher)
    expect(await turn()).toMatchObject({
      state: 'WAITING',
      why: expect.stringContaining('the contract would refuse the anchor: AccessControlUnauthorizedAccount('),
    })
    expect(await attempts()).toEqual([])
  })
})

/** Takes the role away in the next block, before everything that pays less. */
async function outrunWithRevocation(account: string): Promise<void> {
  const admin = walletOn(anvil)
  const contract = new Contract(anchoring.chain.contract, readArtifact('LedgerAnchor').abi, admin)
  const role = await contract.getFunction('ANCHOR_ROLE')()
  const fees = { maxFeePerGas: 900n * 10n ** 9n, maxPriorityFeePerGas: 900n * 10n ** 9n, gasLimit: 100_000n }
  await contract.getFunction('revokeRole')(role, account, fees)
  await anvil.mine()
  admin.provider?.destroy()
}

async function giveRole(account: string): Promise<void> {
  await changeRole('grantRole', account)
}

/** What the contract's administrator does. */
async function changeRole(change: 'grantRole' | 'revokeRole', account: string): Promise<void> {
  const admin = walletOn(anvil)
  const contract = new Contract(anchoring.chain.contract, readArtifact('LedgerAnchor').abi, admin)
  const role = await contract.getFunction('ANCHOR_ROLE')()
  await (await contract.getFunction(change)(role, account)).wait()
  admin.provider?.destroy()
}
