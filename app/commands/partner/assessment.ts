import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError } from 'commander'
import type { Assessment } from '../../../partners/assessments/assessment.ts'
import { pointsByDimension } from '../../../partners/assessments/rubric.ts'
import { act, type Outcome } from '../act.ts'
import { describeFile } from '../describe-file.ts'
import type { Row } from '../output.ts'

type ScoreOptions = { readonly evidence: readonly string[]; readonly key?: string }

/** `tributary partner assessment …`. */
export function addAssessment(partner: Command): void {
  const assessment = partner.command('assessment').description('whether a partner is fit, by three persons')
  addLooks(assessment)
  addWork(assessment)
  addDecisions(assessment)
}

function addLooks(assessment: Command): void {
  assessment
    .command('list')
    .argument('<code>', "the partner's code")
    .description('its assessments, the last opened first')
    .action((code: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { listAssessments } = await import('../../../partners/assessments/list-assessments.ts')
        const assessments = await listAssessments(context, code)
        return { result: assessments, rows: assessments.map(rowOf) }
      }),
    )
  assessment
    .command('show')
    .argument('<id>', 'asm_…')
    .description('what each criterion was given, of how much, and on what grounds')
    .action((id: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { requireAssessment } = await import('../../../partners/assessments/require-assessment.ts')
        const { CRITERIA } = await import('../../../partners/assessments/rubric.ts')
        const found = await requireAssessment(context.database.reads, id)
        const rows = CRITERIA.map(({ key, dimension, most }) => {
          const score = found.scores.find(({ criterion }) => criterion === key)
          const evidence = score?.evidence.map(({ name }) => name).join(' ')
          return { dimension, criterion: key, points: score?.points, most, evidence }
        })
        return { result: found, rows }
      }),
    )
}

function addWork(assessment: Command): void {
  assessment
    .command('open')
    .argument('<code>', "the partner's code")
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('begins one; a partner that applied is ASSESSING from then on')
    .action((code: string, { key }: { key?: string }, command: Command) =>
      act(command, async (context) => {
        const { openAssessment } = await import('../../../partners/assessments/open-assessment.ts')
        return told(await openAssessment(context, { partner: code, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  assessment
    .command('score')
    .argument('<id>', 'asm_…')
    .argument('<criterion>', 'such as licence; show lists them')
    .argument('<points>', 'up to what the criterion gives', wholePoints)
    .option('--evidence <files...>', 'documents that show why, kept by their SHA-256', [])
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('gives a criterion its points, in place of what it had')
    .action((id: string, criterion: string, points: number, { evidence, key }: ScoreOptions, command: Command) =>
      act(command, async (context) => {
        const { scoreAssessment } = await import('../../../partners/assessments/score-assessment.ts')
        const described = await Promise.all(evidence.map((file) => describeFile(file)))
        const documents = described.map(({ sha256, name }) => ({ sha256, name }))
        const score = { assessment: id, criterion, points, evidence: documents }
        return told(await scoreAssessment(context, { ...score, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  assessment
    .command('propose')
    .argument('<id>', 'asm_…')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('that the partner passes: every criterion is scored, no dimension is below its floor')
    .action((id: string, { key }: { key?: string }, command: Command) =>
      act(command, async (context) => {
        const { proposeAssessment } = await import('../../../partners/assessments/propose-assessment.ts')
        return told(await proposeAssessment(context, { assessment: id, idempotencyKey: key ?? randomUUID() }))
      }),
    )
}

function addDecisions(assessment: Command): void {
  assessment
    .command('approve')
    .argument('<id>', 'asm_…')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('by somebody who did not assess; the second person passes the partner for twelve months')
    .action((id: string, { key }: { key?: string }, command: Command) =>
      act(command, async (context) => {
        const { approveAssessment } = await import('../../../partners/assessments/approve-assessment.ts')
        return told(await approveAssessment(context, { assessment: id, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  assessment
    .command('reject')
    .argument('<id>', 'asm_…')
    .requiredOption('--reason <text>', 'why; for us alone')
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('ends it; the partner stays where it is')
    .action((id: string, { reason, key }: { reason: string; key?: string }, command: Command) =>
      act(command, async (context) => {
        const { rejectAssessment } = await import('../../../partners/assessments/reject-assessment.ts')
        const input = { assessment: id, reason, idempotencyKey: key ?? randomUUID() }
        return told(await rejectAssessment(context, input))
      }),
    )
}

function wholePoints(text: string): number {
  if (!/^[0-9]{1,3}$/.test(text)) throw new InvalidArgumentError('a whole number from 0')
  return Number(text)
}

function told(assessment: Assessment): Outcome {
  return { result: assessment, rows: [rowOf(assessment)] }
}

function rowOf({ id, status, scores, assessors, approvers, expiresAt }: Assessment): Row {
  const {
    SCENARIO_FIT: scenario,
    TECHNICAL_COMPATIBILITY: technical,
    COMPLIANCE_CAPABILITY: compliance,
  } = pointsByDimension(scores)
  const persons = { assessors: assessors.join(' '), approvers: approvers.join(' ') }
  return { id, status, scenario, technical, compliance, ...persons, expires: expiresAt?.toISOString() }
}
