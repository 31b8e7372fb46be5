import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SigningKey, Transaction } from 'ethers'
import { afterEach, describe, expect, test } from 'vitest'
import { openAnchorContract, openAnchorViews } from '../../contracts/anchor-contract.ts'
import { deployContract } from '../../contracts/deploy-contract.ts'
import { openRpc } from '../../contracts/rpc.ts'
import { signerOfKey, type TransactionSigner } from '../../contracts/signer.ts'
import { broadcast, nonces, quantityIn, quote, sign } from '../../contracts/transactions.ts'
import { FUNDED_KEYS, useAnvil } from '../support/anvil.ts'

const anvil = useAnvil()
const servers: Server[] = []
const fees = { gasLimit: 100_000n, maxFee: 5n * 10n ** 9n, priorityFee: 10n ** 9n }
const call = { to: '0x000000000000000000000000000000000000dEaD', data: '0x' }

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A node that answers as it is told. */
async function nodeThat(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('signing', () => {
  test('by a callback gives the transaction that the key itself would sign', async () => {
    const key = new SigningKey(FUNDED_KEYS[2])
    const own = signerOfKey(FUNDED_KEYS[2])
    const asked: string[] = []
    const module: TransactionSigner = {
      address: own.address,
      signDigest: async (digest) => {
        asked.push(digest)
        const { r, s, yParity } = key.sign(digest)
        return { r, s, yParity }
      },
    }
    const order = { call, fees, nonce: 7, chainId: 31_337n }
    const [byModule, byKey] = [await sign(module, order), await sign(own, order)]
    expect(byModule).toEqual(byKey)
    const parsed = Transaction.from(`0x${byModule.bytes.toString('hex')}`)
    expect(parsed).toMatchObject({ from: own.address, nonce: 7, chainId: 31_337n, type: 2, hash: byModule.hash })
    expect(asked).toEqual([parsed.unsignedHash])
  })

  test('with another key than the account’s is found before anything is sent', async () => {
    const wrong: TransactionSigner = {
      address: signerOfKey(FUNDED_KEYS[1]).address,
      signDigest: async (digest) => new SigningKey(FUNDED_KEYS[2]).sign(digest),
    }
    await expect(sign(wrong, { call, fees, nonce: 0, chainId: 1n })).rejects.toThrow('the key of another account')
  })

  test.each(['', '0x', '0x00', 'f'.repeat(63), `0x${'00'.repeat(32)}`, 'hush-hush'])('%j is no key', (key) => {
    let told = ''
    try {
      signerOfKey(key)
    } catch (error) {
      told = JSON.stringify([error, error instanceof Error ? error.message : ''])
    }
    expect(told).toContain('CONFIG_INVALID')
    if (key.length > 3) expect(told).not.toContain(key)
  })
})

describe('a node', () => {
  test('takes the same bytes any number of times, and says when a nonce is used or a fee too low', async () => {
    const rpc = openRpc(anvil.url)
    const signer = signerOfKey(FUNDED_KEYS[1])
    const order = { call, fees, chainId: 31_337n }
    await anvil.automine(false)
    const first = await sign(signer, { ...order, nonce: 0 })
    expect(await broadcast(rpc, first.bytes)).toEqual({ outcome: 'ACCEPTED' })
    expect(await broadcast(rpc, first.bytes)).toEqual({ outcome: 'ACCEPTED' })
    expect(await nonces(rpc, signer.address)).toEqual({ mined: 0, pending: 1 })
    const cheap = await sign(signer, { ...order, fees: { ...fees, gasLimit: 90_000n }, nonce: 0 })
    expect(await broadcast(rpc, cheap.bytes)).toEqual({ outcome: 'UNDERPRICED' })
    await anvil.mine()
    expect(await broadcast(rpc, first.bytes)).toEqual({ outcome: 'NONCE_USED' })
    expect(await nonces(rpc, signer.address)).toEqual({ mined: 1, pending: 1 })
    const below = { ...order, fees: { ...fees, maxFee: 1n, priorityFee: 1n }, nonce: 1 }
    expect(['ACCEPTED', 'UNDERPRICED']).toContain((await broadcast(rpc, (await sign(signer, below)).bytes)).outcome)
    await anvil.automine(true)
    rpc.close()
  })

  test('refuses an account without money in its own words', async () => {
    const rpc = openRpc(anvil.url)
    const poor = signerOfKey(`0x${'11'.repeat(32)}`)
    const signed = await sign(poor, { call, fees, nonce: 0, chainId: 31_337n })
    expect(await broadcast(rpc, signed.bytes)).toEqual({
      outcome: 'REFUSED',
      why: expect.stringMatching(/insufficient/i),
    })
    rpc.close()
  })

  test.each([
    ['is overloaded', 503, 'HTTP 503'],
    ['asks for a key', 401, 'HTTP 401'],
    ['throttles', 429, 'HTTP 429'],
  ])('that %s is not there; neither its words nor its address are told', async (_what, status, told) => {
    let asked = 0
    const url = await nodeThat((_request, response) => {
      asked += 1
      response.writeHead(status).end('hush-hush')
    })
    const chain = openAnchorViews({ rpcUrl: `${url}/v3/hush`, contract: call.to })
    const error: unknown = await chain.head().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'CHAIN_UNAVAILABLE', message: `the chain’s node does not answer (${told})` })
    expect(JSON.stringify(error) + String(error)).not.toContain('hush')
    expect(asked).toBe(1)
    chain.close()
  })

  test('that answers with nonsense is not believed', async () => {
    const url = await nodeThat((request, response) => {
      request.resume()
      request.on('end', () => response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: 'nonsense' })))
    })
    const chain = openAnchorViews({ rpcUrl: url, contract: call.to })
    await expect(chain.identify()).rejects.toThrow('what is no number')
    chain.close()
  })
})

describe('a contract', () => {
  test('that its constructor or the budget refuses is not created', async () => {
    const options = { rpcUrl: anvil.url, signer: signerOfKey(FUNDED_KEYS[0]), contract: 'LedgerAnchor', waitSeconds: 5 }
    const parameters = [options.signer.address, options.signer.address]
    const poor = deployContract({ ...options, parameters, budgetWei: 10n ** 12n })
    await expect(poor).rejects.toMatchObject({
      code: 'CHAIN_REFUSED',
      message: expect.stringContaining('the budget is'),
    })
  })

  test('has an address that is one', () => {
    const options = { rpcUrl: anvil.url, contract: '0x12', signer: signerOfKey(FUNDED_KEYS[0]) }
    expect(() => openAnchorContract(options)).toThrow(/is not one/)
  })

  test('costs what the documentation says: publishing takes some 81,000 gas', async () => {
    const signer = signerOfKey(FUNDED_KEYS[3])
    const parameters = [signer.address, signer.address]
    const rpcUrl = anvil.url
    const made = await deployContract({
      ...{ rpcUrl, signer, parameters, contract: 'LedgerAnchor', budgetWei: 10n ** 18n, waitSeconds: 5 },
    })
    const chain = openAnchorContract({ rpcUrl, signer, contract: made.contract })
    const rpc = openRpc(rpcUrl)
    const used: bigint[] = []
    let previousRoot = Buffer.alloc(32)
    for (const sequence of [1n, 2n, 3n]) {
      const root = Buffer.alloc(32, Number(sequence))
      const publication = { sequence, size: sequence * 1000n, root, previousRoot }
      const quoted = await chain.quote(publication)
      if ('refused' in quoted) throw new Error(quoted.refused)
      const nonce = (await chain.nonces()).pending
      const { bytes, hash } = await chain.sign(
        publication,
        { ...fees, ...quoted, maxFee: fees.maxFee * 10n },
        {
          nonce,
          chainId: made.chainId,
        },
      )
      await chain.broadcast(bytes)
      used.push(quantityIn(await rpc.ask('eth_getTransactionReceipt', [hash]), 'gasUsed'))
      previousRoot = root
    }
    for (const gas of used.slice(1)) expect(gas).toBeLessThan(90_000n)
    expect(made.gasUsed).toBeLessThan(1_000_000n)
    expect(await quote(rpc, signer.address, { to: made.contract, data: '0x' })).toHaveProperty('refused')
    for (const each of [chain, rpc]) each.close()
  })
})
