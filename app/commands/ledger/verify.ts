import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import type { CheckedPart } from '../../ledger-checks.ts'
import { act, type Outcome } from '../act.ts'
import { withBar } from '../progress.ts'
import { verifyChain } from './verify-chain.ts'

type VerifyOptions = { readonly chain: boolean; readonly checkpoint: readonly string[] }

/** `tributary ledger verify`. */
export function addVerify(ledger: Command): void {
  ledger
    .command('verify')
    .description(
      'hashes every record again, checks the tree, its checkpoints, disclosures, the journal, balances and the tables; says what is wrong and where',
    )
    .option('--checkpoint <file>', 'a signed checkpoint that was kept elsewhere; may be given again', collect, [])
    .option('--no-chain', 'leaves out the anchors on the chain, which are checked when one is configured')
    .action(({ chain, checkpoint }: VerifyOptions, command: Command) =>
      act(command, async (context) => {
        const { ledgerChecks, runChecks } = await import('../../ledger-checks.ts')
        const { logStatus } = await import('../../../records/log-status.ts')
        const anchors = { title: 'anchors', run: verifyChain }
        const checks = [...ledgerChecks(await Promise.all(checkpoint.map(readNote))), ...(chain ? [anchors] : [])]
        const { size, root } = await logStatus(context)
        return outcomeOf(await runChecks(context, checks, withBar), { size, root: root.toString('base64') })
      }),
    )
}

function collect(file: string, files: readonly string[]): readonly string[] {
  return [...files, file]
}

async function readNote(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new Fault('INVALID_INPUT', `the checkpoint ${file} cannot be read`, { cause: error })
  }
}

/** For people, what is wrong, or one row for each part that was checked. */
function outcomeOf(parts: readonly CheckedPart[], log: { readonly size: number; readonly root: string }): Outcome {
  const findings = parts.flatMap((part) => part.findings)
  const sound = findings.length === 0
  const checked = parts.map(({ title, seconds }) => ({ checked: title, seconds: seconds.toFixed(1) }))
  const wrong = parts.flatMap(({ title, findings: found }) =>
    found.map(({ what, where }) => ({ checked: title, where, what })),
  )
  const summary = `sound: ${log.size} records, root ${log.root}`
  return {
    result: { sound, ...log, checked: parts.map(({ title, seconds }) => ({ title, seconds })), findings },
    rows: sound ? [...checked, { checked: summary, seconds: '' }] : wrong,
    failed: !sound,
  }
}
