import { Contract, ContractFactory, JsonRpcProvider, Wallet } from 'ethers'
import { readArtifact } from '../../contracts/artifact.ts'
import { type Anvil, FUNDED_KEYS } from '../support/anvil.ts'

/** A wallet over the node, whose requests are never answered from a cache; destroy its provider when done. */
export function walletOn(anvil: Anvil, key: string = FUNDED_KEYS[0]): Wallet {
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, batchMaxCount: 1 })
  return new Wallet(key, provider)
}

/** Creates a compiled contract on the node. */
export async function deploy(wallet: Wallet, contract: string, parameters: readonly unknown[]): Promise<Contract> {
  const { abi, bytecode } = readArtifact(contract)
  const created = await new ContractFactory(abi, bytecode, wallet).deploy(...parameters)
  await created.waitForDeployment()
  return new Contract(await created.getAddress(), abi, wallet)
}
