import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ContractFactory, Interface, JsonRpcProvider, Wallet } from 'ethers'
import { checkoutRoot } from './checkout-root.ts'
import { compileContracts } from './solidity.ts'

// Creates the tests' token on a chain node of this machine and gives its maker a million of it, so that payouts can be tried
// before there is real money: npx node tools/local-token.ts --rpc http://127.0.0.1:8545 --key 0x…
const { values } = parseArgs({ options: { rpc: { type: 'string' }, key: { type: 'string' } } })
const { rpc = 'http://127.0.0.1:8545', key = '' } = values
if (!['127.0.0.1', 'localhost'].includes(URL.parse(rpc)?.hostname ?? '')) {
  throw new Error('this token is worth nothing: it is for a node of this machine alone')
}
const provider = new JsonRpcProvider(rpc, undefined, { cacheTimeout: -1 })
const wallet = new Wallet(key, provider)
const compiled = compileContracts(join(checkoutRoot, 'tests', 'contracts', 'fixtures')).find(
  ({ contract }) => contract === 'TestToken',
)
if (compiled === undefined) throw new Error('the fixture TestToken is gone')
const token = new Interface(JSON.stringify(compiled.abi))
const created = await new ContractFactory(token, compiled.bytecode, wallet).deploy()
await created.waitForDeployment()
const address = await created.getAddress()
const minted = await wallet.sendTransaction({
  to: address,
  data: token.encodeFunctionData('mint', [wallet.address, 10n ** 12n]),
})
await minted.wait()
console.log(address)
provider.destroy()
