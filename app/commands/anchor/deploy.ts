import { type Command, Option } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { readConfig } from '../../config.ts'
import { sayFault } from '../../say-fault.ts'
import { wantsJson } from '../act.ts'
import { print } from '../output.ts'

const WAIT_SECONDS = 300

/** `tributary anchor deploy`: no database is needed. */
export function addDeploy(anchor: Command): void {
  anchor
    .command('deploy')
    .description('creates the contract that keeps the anchors, and says where it is')
    .addOption(new Option('--admin <address>', 'who grants and takes roles; the publishing account when left out'))
    .action(async ({ admin }: { admin?: string }, command: Command) => {
      try {
        print(await deployAnchor(admin), wantsJson(command))
      } catch (error) {
        process.exitCode = sayFault(error)
      }
    })
}

async function deployAnchor(admin: string | undefined): Promise<object> {
  const { isAddress } = await import('ethers')
  if (admin !== undefined && !isAddress(admin)) {
    throw new Fault('INVALID_INPUT', 'the administrator is an address: 0x and 40 hexadecimal digits', {
      field: 'admin',
    })
  }
  const { anchor } = readConfig(process.env)
  const { anchorSigner } = await import('../../open-anchoring.ts')
  const signer = anchor && (await anchorSigner(anchor))
  if (!signer) throw new Fault('CONFIG_INVALID', 'set TRIBUTARY_ANCHOR_RPC, and TRIBUTARY_ANCHOR_KEY or its file')
  const { deployContract } = await import('../../../contracts/deploy-contract.ts')
  const publisher = signer.address
  const deployed = await deployContract({
    rpcUrl: anchor.rpcUrl,
    signer,
    contract: 'LedgerAnchor',
    parameters: [admin ?? publisher, publisher],
    budgetWei: anchor.policy.budgetWei * DEPLOYMENT_IN_ANCHORS,
    waitSeconds: WAIT_SECONDS,
  })
  return { ...deployed, publisher, admin: admin ?? publisher }
}

/** The budget is that of one anchor; creating the contract takes about ten times its gas. */
const DEPLOYMENT_IN_ANCHORS = 20n
