import type { Command } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { parseId } from '../../../kernel/ids.ts'
import { secondsOf } from '../../../ledger/distribution/round.ts'
import { act, wantsJson } from '../act.ts'

/** `tributary distribution claim-file`: writes the file to standard output, so it is JSON in any case. */
export function addClaimFile(distribution: Command): void {
  distribution
    .command('claim-file')
    .argument('<statement>', "the statement's id")
    .description('what a partner needs to claim a statement with any wallet; for that partner alone')
    .action((statement: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { findClaim } = await import('../../../ledger/distribution/find-claim.ts')
        const found = await findClaim(context, { statement: parseId('sta', statement) })
        if (found === undefined)
          throw new Fault('NOT_FOUND', `${statement} cannot be claimed: it is in no funded round`)
        const { claimCall } = await import('../../../contracts/payout-claim.ts')
        const { chainId, contract, token, number, asset, deadline } = found.round
        const { index, account, amount, salt, proof } = found.claim
        const file = {
          ...{ chainId: String(chainId), contract, token, asset, round: String(number), index, account },
          ...{ amount: String(amount), salt, proof, deadline: String(secondsOf(deadline)), statement },
          call: claimCall(contract, { number, index, account, amount, salt, proof }),
        }
        return { result: wantsJson(command) ? file : JSON.stringify(file, null, 2) }
      }),
    )
}
