import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import {
  ACKNOWLEDGEABLE_EXITS,
  type AcknowledgeableExit,
  type ExitItem,
} from '../../../partners/offboarding/exit-item.ts'
import { EXIT_STEPS } from '../../../partners/offboarding/offboarding.ts'
import { act } from '../act.ts'
import { describeFile } from '../describe-file.ts'
import type { Row } from '../output.ts'
import { openProgress } from '../progress.ts'

type Said = { readonly reason: string; readonly key?: string }

/** `tributary partner offboard …`. */
export function addOffboard(partner: Command): void {
  const offboard = partner.command('offboard').description('how a partner leaves: by a date, until nothing is open')
  addPlan(offboard)
  addLooks(offboard)
  addWork(offboard)
}

function addPlan(offboard: Command): void {
  said(offboard.command('plan'))
    .requiredOption('--at <time>', 'RFC 3339: from then on it is OFFBOARDING')
    .description('sets the date; a running server does the rest by itself then')
    .action((code: string, { at, ...options }: Said & { at: string }, command: Command) =>
      act(command, async (context) => {
        const { planOffboarding } = await import('../../../partners/offboarding/plan-offboarding.ts')
        return { result: await planOffboarding(context, { ...inputOf(code, options), exitAt: at }) }
      }),
    )
  said(offboard.command('postpone'))
    .requiredOption('--at <time>', 'RFC 3339: the other date')
    .description('gives an exit that has not begun another date')
    .action((code: string, { at, ...options }: Said & { at: string }, command: Command) =>
      act(command, async (context) => {
        const { postponeOffboarding } = await import('../../../partners/offboarding/change-offboarding.ts')
        return { result: await postponeOffboarding(context, { ...inputOf(code, options), exitAt: at }) }
      }),
    )
  said(offboard.command('cancel'))
    .description('calls off an exit that has not begun')
    .action((code: string, options: Said, command: Command) =>
      act(command, async (context) => {
        const { cancelOffboarding } = await import('../../../partners/offboarding/change-offboarding.ts')
        return { result: await cancelOffboarding(context, inputOf(code, options)) }
      }),
    )
}

function addLooks(offboard: Command): void {
  offboard
    .command('status')
    .argument('<code>', "the partner's code")
    .description('what is done, what is open, and what to run')
    .action((code: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { exitChecklist } = await import('../../../partners/offboarding/exit-checklist.ts')
        const { exitPorts } = await import('../../../schema/exit-ports.ts')
        const { partner, offboarding, items } = await exitChecklist(context, code, exitPorts)
        const { status, exitAt, steps } = offboarding
        const sentence = `${partner.code} is ${partner.status}; its exit is ${status}, at ${exitAt.toISOString()}; ${steps.length} of ${EXIT_STEPS.length} steps are done.`
        return { result: { partner, offboarding, items }, rows: items.map(rowOf), sentence }
      }),
    )
  offboard
    .command('report')
    .argument('<code>', "the partner's code")
    .description('the whole exit as one document: steps, what is open, and what happened to money, with the records')
    .action((code: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { exitReport } = await import('../../../schema/exit-report.ts')
        const report = await exitReport(context, code)
        const steps = report.exit.steps.map(({ step, count, at }) => ({
          ...{ at, what: step, about: `${count}`, status: 'DONE', amount: undefined, record: undefined },
        }))
        const history = report.history.map(({ at, kind, about, status, record, ...money }) => ({
          ...{ at, what: kind, about, status },
          ...{ amount: 'amount' in money ? `${money.amount} ${money.asset}` : undefined, record },
        }))
        return { result: report, rows: [...steps, ...history] }
      }),
    )
}

function addWork(offboard: Command): void {
  offboard
    .command('continue')
    .argument('<code>', "the partner's code")
    .description('does what we do of ourselves once the date has come, as a running server does; safe to run again')
    .action((code: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { continueOffboarding } = await import('../../../partners/offboarding/continue-offboarding.ts')
        const { exitPorts } = await import('../../../schema/exit-ports.ts')
        const bar = openProgress('leaving')
        const show = (done: number, ended: number) => bar.show(done, EXIT_STEPS.length, `${ended} things ended`)
        const work = continueOffboarding(context, { partner: code }, exitPorts, ({ steps }, ended) =>
          show(steps.length, ended),
        )
        return { result: await work.finally(bar.end) }
      }),
    )
  offboard
    .command('attest')
    .argument('<code>', "the partner's code")
    .requiredOption('--paper <file>', 'what the partner signed, kept by its SHA-256; the file stays with you')
    .description('enters that the partner has deleted all that it read, as it says on paper')
    .action((code: string, { paper }: { paper: string }, command: Command) =>
      act(command, async (context) => {
        const { attestForPartner } = await import('../../../customers/exits/attest-for-partner.ts')
        const { requireOffboarding } = await import('../../../partners/offboarding/require-offboarding.ts')
        const { partner } = await requireOffboarding(context, code)
        const { sha256, name } = await describeFile(paper)
        return { result: { attested: await attestForPartner(context, { partner, paper: { sha256, name } }) } }
      }),
    )
  said(offboard.command('close'))
    .addOption(new Option('--acknowledge <codes...>', 'what may be open all the same').choices(ACKNOWLEDGEABLE_EXITS))
    .description('ends it for good, by another person than planned it: only at zero, with nothing open')
    .action((code: string, options: Said & { acknowledge?: AcknowledgeableExit[] }, command: Command) =>
      act(command, async (context) => {
        const { closeOffboarding } = await import('../../../partners/offboarding/close-offboarding.ts')
        const { exitPorts } = await import('../../../schema/exit-ports.ts')
        const acknowledged = options.acknowledge ?? []
        return { result: await closeOffboarding(context, { ...inputOf(code, options), acknowledged }, exitPorts) }
      }),
    )
}

function said(verb: Command): Command {
  return verb
    .argument('<code>', "the partner's code")
    .requiredOption('--reason <text>', 'why; the partner reads it')
    .option('--key <key>', 'idempotency key: the same again has one effect')
}

function inputOf(partner: string, { reason, key }: Said) {
  return { partner, reason, idempotencyKey: key ?? randomUUID() }
}

function rowOf({ code, state, count, sentence, amounts, until, command }: ExitItem): Row {
  const amount = amounts.map((money) => `${formatDecimal(money)} ${money.asset}`).join(', ')
  return { code, state, count, sentence, amount, until, next: command }
}
