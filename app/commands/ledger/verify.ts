import type { Command } from 'commander'
import type { Context } from '../../../database/context.ts'
import type { Finding } from '../../../records/verify/findings.ts'
import type { LogReport } from '../../../records/verify-records.ts'
import { readConfig } from '../../config.ts'
import { CHECKS, type Check, type CheckRun } from '../../ledger-checks.ts'
import { act, type Outcome } from '../act.ts'
import { withBar } from '../progress.ts'
import { readText } from '../read-text.ts'
import { untilTold } from '../until-told.ts'
import { verifyChain } from './verify-chain.ts'

/** `tributary ledger verify`. */
export function addVerify(ledger: Command): void {
  ledger
    .command('verify')
    .description(
      'hashes every record again, checks the tree, its checkpoints, disclosures, the journal, balances and the tables; says what is wrong and where',
    )
    .option('--checkpoint <file...>', 'a signed checkpoint that you kept: the log must begin with it; repeatable')
    .option('--no-chain', 'leaves out the anchors on the chain, which are checked when one is configured')
    .action(async (options: VerifyOptions, command: Command) => {
      const signal = untilTold('the verification was stopped; nothing is known of what it had not reached')
      await act(command, (context) => verify(context, options, signal))
      // a check that did not hear of it would go on
      if (signal.aborted) process.exit()
    })
}

type VerifyOptions = { readonly checkpoint?: readonly string[]; readonly chain: boolean }

async function verify(
  context: Context,
  { checkpoint = [], chain }: VerifyOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const kept = await Promise.all(checkpoint.map(readText))
  const anchored = chain && readConfig(process.env).anchor?.contract !== undefined
  return outcomeOf(await checkAll(context, anchored ? [...CHECKS, ANCHORS] : CHECKS, { signal, kept }))
}

const ANCHORS: Check = { title: 'anchors', run: (context, { onProgress }) => verifyChain(context, onProgress) }

type Checked = {
  readonly check: string
  readonly seconds: number
  readonly findings: readonly Finding[]
  readonly log?: LogReport
}

async function checkAll(
  context: Context,
  checks: readonly Check[],
  run: Omit<CheckRun, 'onProgress'> & { readonly signal: AbortSignal },
): Promise<readonly Checked[]> {
  const checked: Checked[] = []
  for (const { title, run: check } of checks) {
    const begun = performance.now()
    const found = await withBar(title, (onProgress) =>
      unlessTold(run.signal, () => check(context, { ...run, onProgress })),
    )
    const seconds = Math.round(performance.now() - begun) / 1000
    checked.push({
      check: title,
      seconds,
      ...('findings' in found ? { findings: found.findings, log: found } : { findings: found }),
    })
  }
  return checked
}

/** A check that hears the signal ends by itself, in good order; for one that does not, nobody waits longer. */
const PATIENCE_MS = 2000

async function unlessTold<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const told = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => void setTimeout(() => reject(signal.reason), PATIENCE_MS).unref()
    signal.addEventListener('abort', giveUp, { once: true })
  })
  return Promise.race([work(), told])
}

function outcomeOf(checked: readonly Checked[]): Outcome {
  const findings = checked.flatMap((each) => each.findings)
  const sound = findings.length === 0
  const log = checked.find((each) => each.log)?.log
  const times = checked.map(({ check, seconds, findings: { length } }) => ({ check, seconds, findings: length }))
  return {
    result: {
      sound,
      findings,
      ...(log === undefined
        ? {}
        : { log: { size: log.size, root: log.root.toString('base64'), checkpoints: log.checkpoints } }),
      checks: times,
    },
    rows: sound ? times : findings.map(({ what, where }) => ({ what, where })),
    sentence: sentenceOf(checked, log),
    failed: !sound,
  }
}

/** What was checked, or what is wrong, for somebody who reads nothing else. */
function sentenceOf(checked: readonly Checked[], log: LogReport | undefined): string {
  const wrong = checked.filter(({ findings }) => findings.length > 0)
  const seconds = checked.reduce((sum, each) => sum + each.seconds, 0).toFixed(1)
  if (wrong.length > 0) {
    const parts = wrong.map(({ check, findings }) => `${check} (${findings.length})`).join(', ')
    return `Not sound: something is wrong with ${parts}; checked in ${seconds} s.`
  }
  const size = log?.size ?? 0
  const root = log?.root.toString('base64') ?? ''
  return `Sound: ${size} records under the root ${root}, which ${log?.checkpoints ?? 0} signed checkpoints agree with; ${checked.map(({ check }) => check).join(', ')} checked in ${seconds} s.`
}
