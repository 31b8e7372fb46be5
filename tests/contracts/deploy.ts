import { Contract, ContractFactory, Interface, JsonRpcProvider, Wallet } from 'ethers'
import { type Artifact, readArtifact } from '../../contracts/artifact.ts'
import { compileContracts } from '../../tools/solidity.ts'
import { type Anvil, FUNDED_KEYS } from '../support/anvil.ts'

/** A wallet over the node, whose requests are never answered from a cache; destroy its provider when done. */
export function walletOn(anvil: Anvil, key: string = FUNDED_KEYS[0]): Wallet {
  const provider = new JsonRpcProvider(anvil.url, undefined, { cacheTimeout: -1, batchMaxCount: 1 })
  return new Wallet(key, provider)
}

/** Creates a compiled contract on the node. */
export async function deploy(wallet: Wallet, contract: string, parameters: readonly unknown[]): Promise<Contract> {
  return create(wallet, readArtifact(contract), parameters)
}

/** Creates a contract of `tests/contracts/fixtures`, which is compiled for the test. */
export async function deployFixture(
  wallet: Wallet,
  contract: string,
  parameters: readonly unknown[],
): Promise<Contract> {
  fixtures ??= compileContracts(new URL('fixtures', import.meta.url).pathname)
  const compiled = fixtures.find((each) => each.contract === contract)
  if (compiled === undefined) throw new Error(`there is no fixture ${contract}`)
  const { abi, bytecode } = compiled
  return create(wallet, { abi: new Interface(JSON.stringify(abi)), bytecode }, parameters)
}

let fixtures: ReturnType<typeof compileContracts> | undefined

async function create(wallet: Wallet, { abi, bytecode }: Artifact, parameters: readonly unknown[]): Promise<Contract> {
  const created = await new ContractFactory(abi, bytecode, wallet).deploy(...parameters)
  await created.waitForDeployment()
  return new Contract(await created.getAddress(), abi, wallet)
}
