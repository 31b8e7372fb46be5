import type { Command } from 'commander'
import type { Application } from '../../../partners/applications/application.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'

/** `tributary partner application list`, `show` and `reject`. */
export function addApplication(partner: Command): void {
  const application = partner.command('application').description('companies that applied to become partners')
  application
    .command('list')
    .description('applications that were confirmed by mail, the last first, up to a hundred')
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { listApplications } = await import('../../../partners/applications/find-application.ts')
        const applications = await listApplications(context)
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
    .description('refuses it for good and forgets its contact; to go on with it, open an assessment')
    .action((code: string, { reason }: { reason: string }, command: Command) =>
      act(command, async (context) => {
        const { rejectApplication } = await import('../../../partners/applications/reject-application.ts')
        const rejected = await rejectApplication(context, { partner: code, reason })
        return { result: rejected, rows: [rowOf(rejected)] }
      }),
    )
}

function rowOf({ code, status, about, receivedAt, contact }: Application): Row {
  return { code, status, received: receivedAt.toISOString(), contact: contact?.name, email: contact?.email, about }
}
