import type { Command } from 'commander'
import { act } from '../act.ts'

/** `tributary partner sandbox …`. */
export function addSandbox(partner: Command): void {
  const sandbox = partner.command('sandbox').description('what a partner has before it is live')
  sandbox
    .command('customers')
    .argument('<code>', "the partner's code")
    .option('--count <count>', 'how many there shall be, up to 100; those that are there count', Number, 3)
    .description('synthetic customers for its engineers to play, with made-up values of all tags; safe to run again')
    .action((code: string, { count }: { count: number }, command: Command) =>
      act(command, async (context) => {
        const { makeSandboxCustomers } = await import('../../../customers/sandbox/make-sandbox-customers.ts')
        const { requirePartner } = await import('../../../partners/store/partners.ts')
        const { code: partnerCode } = await requirePartner(context.database.reads, code)
        const customers = await makeSandboxCustomers(context, { partnerCode, count })
        return { result: customers, rows: customers.map(({ accountKey }) => ({ account: accountKey })) }
      }),
    )
}
