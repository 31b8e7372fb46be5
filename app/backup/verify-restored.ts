import { silentLog } from '../../kernel/log.ts'
import { readCheckpoint } from '../../records/notes/checkpoint-text.ts'
import type { Finding } from '../../records/verify/findings.ts'
import type { Watch } from '../commands/progress.ts'
import type { Config } from '../config.ts'
import { CHECKS } from '../ledger-checks.ts'
import { openContext } from '../open-context.ts'
import type { BackupManifest } from './manifest.ts'

const KEPT = 'kept checkpoint no. 1'

/**
 * Starts the server on restored data, which recovers what was written while they were copied, and verifies all that
 * `ledger verify` does in a database: the log against the checkpoint of the backup too, so that one which was cut off
 * does not pass.
 */
export async function verifyRestored(
  config: Config,
  { log }: BackupManifest,
  watch: Watch,
): Promise<readonly Finding[]> {
  const { context, close } = await openContext(config, {
    actor: 'system:restore',
    name: 'tributary:restore',
    log: silentLog,
  })
  try {
    const found: Finding[] = []
    for (const { title, run } of CHECKS) {
      const told = await watch(title, (onProgress) => run(context, { onProgress, kept: [log.checkpoint] }))
      found.push(...('findings' in told ? told.findings : told))
    }
    const named = found.map(({ what, where }) => ({
      what,
      where: where === KEPT ? 'the checkpoint of the backup' : where,
    }))
    return [...checkColumns(log), ...named]
  } finally {
    await close()
  }
}

/** What the manifest says of the log beside its checkpoint is what the checkpoint says. */
function checkColumns({ size, root, checkpoint }: BackupManifest['log']): readonly Finding[] {
  const claim = readCheckpoint(checkpoint)
  if (claim?.size === size && claim.root.toString('hex') === root) return []
  return [{ what: 'its size or root is not what its checkpoint says', where: 'manifest.json' }]
}
