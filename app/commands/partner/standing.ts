import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { Context } from '../../../database/context.ts'
import type { HoldInput } from '../../../partners/move-once.ts'
import type { Partner } from '../../../partners/partner.ts'
import { act } from '../act.ts'

/** `tributary partner go-live`, `suspend` and `resume`. */
export function addStanding(partner: Command): void {
  partner
    .command('go-live')
    .argument('<code>', "the partner's code")
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description(
      'from the sandbox to live: it needs an active client; if it applied, also an assessment and a conformance run',
    )
    .action((code: string, { key }: { key?: string }, command: Command) =>
      act(command, async (context) => {
        const { goLive } = await import('../../../partners/go-live.ts')
        return { result: await goLive(context, { partner: code, idempotencyKey: key ?? randomUUID() }) }
      }),
    )
  addHold(
    partner.command('suspend'),
    'from the next request on it reads nothing, and payouts are on hold',
    async () => {
      return (await import('../../../partners/suspend-partner.ts')).suspendPartner
    },
  )
  addHold(
    partner.command('resume'),
    'back to live: it needs an active client; if it applied, an assessment',
    async () => {
      return (await import('../../../partners/resume-partner.ts')).resumePartner
    },
  )
}

type Hold = (context: Context, input: HoldInput) => Promise<Partner>

function addHold(verb: Command, description: string, load: () => Promise<Hold>): void {
  verb
    .argument('<code>', "the partner's code")
    .requiredOption('--reason <text>', 'why; it stands in the log, and the partner can read it')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description(description)
    .action((code: string, { reason, key }: { reason: string; key?: string }, command: Command) =>
      act(command, async (context) => {
        const hold = await load()
        return { result: await hold(context, { partner: code, reason, idempotencyKey: key ?? randomUUID() }) }
      }),
    )
}
