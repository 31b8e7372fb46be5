import type { Context } from '../../../database/context.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Finding } from '../../../records/verify/findings.ts'
import { readConfig } from '../../config.ts'
import type { OnProgress } from '../progress.ts'

/** Holds the log against its anchors, when a chain is configured; one that does not answer is a finding: silence proves nothing. */
export async function verifyChain(context: Context, onProgress: OnProgress): Promise<readonly Finding[]> {
  const { openAnchorReader } = await import('../../open-anchoring.ts')
  const opened = await openAnchorReader(readConfig(process.env).anchor)
  if (!opened) return []
  const { verifyAnchors } = await import('../../../records/anchoring/verify-anchors.ts')
  try {
    return await verifyAnchors(context, opened.chain, { onProgress })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return [{ where: `the contract ${opened.chain.contract}`, what: `its anchors could not be read: ${error.message}` }]
  } finally {
    opened.close()
  }
}
