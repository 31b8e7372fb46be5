import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import type { Application } from '../../../partners/applications/application.ts'
import { PARTNER_STATUSES, type PartnerStatus } from '../../../partners/partner.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'

/** `tributary partner application list`, `show` and `reject`. */
export function addApplication(partner: Command): void {
  const application = partner.command('application').description('companies that applied to become partners')
  application
    .command('list')
    .addOption(new Option('--status <status>', 'of partners that stand there').choices(PARTNER_STATUSES))
    .description('applications that were confirmed by mail, the last first, up to a hundred')
    .action(({ status }: { status?: PartnerStatus }, command: Command) =>
      act(command, async (context) => {
        const { listApplications } = await import('../../../partners/applications/find-application.ts')
        const { edges } = await listApplications(context, { status, page: { first: 100 } })
        const applications = edges.map(({ node }) => node)
        return { result: applications, rows: applications.map(rowOf) }
      }),
    )
  application
    .command('show')
    .argument('<code>', "the partner's code")
    .description('one application, with whom to write to')
    .action((code: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { findApplication } = await import('../../../partners/applications/find-application.ts')
        const found = await findApplication(context, code)
        return { result: found, rows: [rowOf(found)] }
      }),
    )
  application
    .command('reject')
    .argument('<code>', "the partner's code")
    .requiredOption('--reason <text>', 'why; it stands in the log, and the partner can read it')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('refuses it for good and forgets its contact; to go on with it, open an assessment')
    .action((code: string, { reason, key }: { reason: string; key?: string }, command: Command) =>
      act(command, async (context) => {
        const { rejectApplication } = await import('../../../partners/applications/reject-application.ts')
        const rejected = await rejectApplication(context, {
          partner: code,
          reason,
          idempotencyKey: key ?? randomUUID(),
        })
        return { result: rejected, rows: [rowOf(rejected)] }
      }),
    )
}

function rowOf({ code, status, about, receivedAt, contact }: Application): Row {
  return { code, status, received: receivedAt.toISOString(), contact: contact?.name, email: contact?.email, about }
}
