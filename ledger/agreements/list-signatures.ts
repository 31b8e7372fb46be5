import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { selectSignatures } from './store/terms-signatures.ts'
import type { TermsSignature } from './terms-signature.ts'

export type ListSignaturesInput = {
  readonly proposals: readonly Id<'tpr'>[]
  /** The partner that asks, which sees its own alone. */
  readonly partner?: Id<'ptr'> | undefined
}

/** Signatures by the proposal that they are on; one without any is not in the map. */
export async function listSignatures(
  context: Context,
  { proposals, partner }: ListSignaturesInput,
): Promise<ReadonlyMap<Id<'tpr'>, readonly TermsSignature[]>> {
  const signatures = await selectSignatures(context.database.reads, proposals, partner)
  return Map.groupBy(signatures, ({ proposal }) => proposal)
}
