import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { Consent } from '../../customers/consent.ts'
import { writeSharedTag } from '../../customers/granularity.ts'
import { act } from './act.ts'
import type { Row } from './output.ts'

type ChangeOptions = { readonly reason: string; readonly key?: string }

/** `tributary consent …`: what compliance may do to a consent of anybody's. */
export function addConsent(program: Command): void {
  const consent = program.command('consent').description('what customers let partners read')
  addChange(consent, 'suspend', 'stops a consent until compliance resumes it: the next read sees nothing')
  addChange(consent, 'resume', 'lets a consent count again that compliance had suspended')
}

function addChange(consent: Command, verb: 'suspend' | 'resume', description: string): void {
  consent
    .command(verb)
    .argument('<id>', 'cns_…')
    .requiredOption('--reason <text>', 'why; it is kept with the record, for us alone')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description(description)
    .action((consentId: string, { reason, key }: ChangeOptions, command: Command) =>
      act(command, async (context) => {
        const input = { consentId, reason, idempotencyKey: key ?? randomUUID() }
        if (verb === 'suspend') {
          const { suspendConsent } = await import('../../customers/suspend-consent.ts')
          return told(await suspendConsent(context, input))
        }
        const { resumeConsent } = await import('../../customers/resume-consent.ts')
        return told(await resumeConsent(context, input))
      }),
    )
}

function told(consent: Consent): { readonly result: Consent; readonly rows: readonly Row[] } {
  const { id, partnerId, purpose, status, tags, expiresAt } = consent
  const row = { id, partner: partnerId, purpose, status, tags: tags.map(writeSharedTag).join(' ') }
  return { result: consent, rows: [{ ...row, until: expiresAt.toISOString() }] }
}
