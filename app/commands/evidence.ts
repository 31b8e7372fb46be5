import { type Command, Option } from 'commander'
import { EVIDENCE_PROFILES, type EvidenceProfile } from '../../customers/evidence/evidence-profile.ts'
import { readConfig } from '../config.ts'
import { sayFault } from '../say-fault.ts'
import { act, wantsJson } from './act.ts'
import { print } from './output.ts'
import { withBar } from './progress.ts'

type PackOptions = {
  readonly from: string
  readonly to: string
  readonly partner?: string
  readonly customer?: string
  readonly profile: EvidenceProfile
  readonly out: string
}

/** `tributary evidence …`: what somebody outside is given, and how they check it. */
export function addEvidence(program: Command): void {
  const evidence = program.command('evidence').description('signed folders of evidence for somebody outside')
  evidence
    .command('pack')
    .requiredOption('--from <time>', 'from when: 2026-01-01T00:00:00Z')
    .requiredOption('--to <time>', 'until when, exclusive')
    .addOption(new Option('--partner <code>', 'of this partner alone').conflicts('customer'))
    .option('--customer <key>', 'of this customer alone, by the account key')
    .addOption(new Option('--profile <profile>', 'for whom').choices(EVIDENCE_PROFILES).makeOptionMandatory())
    .requiredOption('--out <folder>', 'where to; it must be empty')
    .description('consents, receipts, notices, disclosures, decisions and what a full scan finds')
    .action(({ out, ...input }: PackOptions, command: Command) =>
      act(command, async (context) => {
        const { writeEvidencePack } = await import('../../customers/evidence/write-evidence-pack.ts')
        const { origin: issuer } = readConfig(process.env)
        const made = await withBar('evidence', (onProgress) =>
          writeEvidencePack(context, { ...input, folder: out, issuer }, { onProgress }),
        )
        return {
          result: made,
          rows: made.files.map(({ name, lines, bytes, sha256 }) => ({ name, lines, bytes, sha256 })),
        }
      }),
    )
  evidence
    .command('verify')
    .argument('<folder>', 'the pack')
    .option('--keys <file>', 'what /consents/jwks.json gave you; else the pack’s own keys are used')
    .description('checks a pack as a stranger would, without a database; exit code 0 only when all holds')
    .action(async (folder: string, { keys }: { keys?: string }, command: Command) => {
      try {
        const { verifyEvidencePack } = await import('../../customers/evidence/verify-evidence-pack.ts')
        const verdict = await verifyEvidencePack(folder, { keys })
        print(verdict, wantsJson(command), verdict.checks)
        if (!verdict.sound) process.exitCode = 1
      } catch (error) {
        process.exitCode = sayFault(error)
      }
    })
}
