import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { unreachable } from '../../../kernel/invariant.ts'
import type { ConformanceRun } from '../../../partners/conformance/conformance-run.ts'
import { act, type Outcome } from '../act.ts'
import type { Row } from '../output.ts'

/** `tributary partner conformance …`. */
export function addConformance(partner: Command): void {
  const conformance = partner
    .command('conformance')
    .description('what a partner shows in the sandbox before it is live')
  conformance
    .command('start')
    .argument('<code>', "the partner's code")
    .option('--key <key>', 'idempotency key: the same again has one effect')
    .description('starts a run of two hours, as the partner can itself; a running server watches it')
    .action((code: string, { key }: { key?: string }, command: Command) =>
      act(command, async (context) => {
        const { startRun } = await import('../../../partners/conformance/start-run.ts')
        return told(await startRun(context, { partner: code, idempotencyKey: key ?? randomUUID() }))
      }),
    )
  conformance
    .command('show')
    .argument('<id>', 'cfr_…')
    .description('each check: whether it was right, what was seen, and what shows it')
    .action((id: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { requireRun } = await import('../../../partners/conformance/find-runs.ts')
        return told(await requireRun(context, id))
      }),
    )
  conformance
    .command('list')
    .argument('<code>', "the partner's code")
    .description('its runs, the last started first')
    .action((code: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { listRuns } = await import('../../../partners/conformance/find-runs.ts')
        const runs = await listRuns(context, code)
        return { result: runs, rows: runs.map(rowOf) }
      }),
    )
}

function told(run: ConformanceRun): Outcome {
  const { id, status, expiresAt, countsUntil, checks } = run
  const rows = checks.map(({ code, status: stands, seen, at, evidence }) => {
    return { code, status: stands, seen, at, evidence: evidence.join(' ') }
  })
  return { result: run, rows, sentence: `${id} is ${standing(status, (countsUntil ?? expiresAt).toISOString())}.` }
}

function standing(status: ConformanceRun['status'], time: string): string {
  switch (status) {
    case 'OPEN':
      return `open until ${time}`
    case 'PASSED':
      return `passed, and counts until ${time}`
    case 'EXPIRED':
      return `not passed; its time was over at ${time}`
    default:
      return unreachable(status)
  }
}

function rowOf({ id, status, startedBy, startedAt, endedAt, countsUntil, checks }: ConformanceRun): Row {
  const right = checks.filter((check) => check.status === 'PASSED').length
  return {
    id,
    status,
    passed: `${right} of ${checks.length}`,
    by: startedBy,
    started: startedAt,
    ended: endedAt,
    counts: countsUntil,
  }
}
