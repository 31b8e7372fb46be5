import type { Command } from 'commander'
import type { PayoutAddress } from '../../../ledger/distribution/payout-address.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'

/** `tributary partner set-payout-address`, `verify-payout-address`, `payout-addresses`. */
export function addPayoutAddress(partner: Command): void {
  partner
    .command('set-payout-address')
    .argument('<code>', "the partner's code")
    .argument('<account>', 'its account on the chain, with its checksum')
    .description('enters where a partner is paid on a chain; another person verifies it')
    .action((code: string, account: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { proposePayoutAddress } = await import('../../../ledger/distribution/propose-payout-address.ts')
        const { parseAccount } = await import('../../../contracts/account.ts')
        const address = await proposePayoutAddress(context, { partner: code, account, readAccount: parseAccount })
        return { result: address, rows: [rowOf(address)] }
      }),
    )
  partner
    .command('verify-payout-address')
    .argument('<code>', "the partner's code")
    .argument('<account>', 'the same account, entered again from what the partner sent')
    .description('puts a payout address in force: by another person than entered it')
    .action((code: string, account: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { verifyPayoutAddress } = await import('../../../ledger/distribution/verify-payout-address.ts')
        const { parseAccount } = await import('../../../contracts/account.ts')
        const address = await verifyPayoutAddress(context, { partner: code, account, readAccount: parseAccount })
        return { result: address, rows: [rowOf(address)] }
      }),
    )
  partner
    .command('payout-addresses')
    .argument('<code>', "the partner's code")
    .description('the accounts that were entered for a partner, the newest first')
    .action((code: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { listPayoutAddresses } = await import('../../../ledger/distribution/list-payout-addresses.ts')
        const addresses = await listPayoutAddresses(context, code)
        return { result: addresses, rows: addresses.map(rowOf) }
      }),
    )
}

function rowOf({ account, proposedBy, verifiedBy, verifiedAt }: PayoutAddress): Row {
  return { account, proposedBy, verifiedBy, verifiedAt }
}
