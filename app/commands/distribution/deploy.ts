import type { Command } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { readConfig } from '../../config.ts'
import { sayFault } from '../../say-fault.ts'
import { wantsJson } from '../act.ts'
import { print } from '../output.ts'

const WAIT_SECONDS = 300

type DeployOptions = { readonly token: string; readonly owner?: string }

/** `tributary distribution deploy`: no database is needed. */
export function addDeploy(distribution: Command): void {
  distribution
    .command('deploy')
    .description('creates the contract that partners claim from, and says where it is')
    .requiredOption('--token <address>', 'the token that it pays out, for good')
    .option('--owner <address>', 'who opens and sweeps rounds; the account of the key when left out')
    .action(async (options: DeployOptions, command: Command) => {
      try {
        print(await deployDistributor(options), wantsJson(command))
      } catch (error) {
        process.exitCode = sayFault(error)
      }
    })
}

async function deployDistributor(options: DeployOptions): Promise<object> {
  const { payout } = readConfig(process.env)
  const { payoutSigner } = await import('../../open-payouts.ts')
  const { parseAccount } = await import('../../../contracts/account.ts')
  const token = parseAccount(options.token)
  const signer = payout && (await payoutSigner(payout))
  if (!signer) throw new Fault('CONFIG_INVALID', 'set TRIBUTARY_PAYOUT_RPC, and TRIBUTARY_PAYOUT_KEY or its file')
  const owner = options.owner === undefined ? signer.address : parseAccount(options.owner)
  const { deployContract } = await import('../../../contracts/deploy-contract.ts')
  const deployed = await deployContract({
    rpcUrl: payout.rpcUrl,
    signer,
    contract: 'PayoutDistributor',
    parameters: [token, owner],
    budgetWei: payout.budgetWei,
    waitSeconds: WAIT_SECONDS,
  })
  return { ...deployed, token, owner }
}
