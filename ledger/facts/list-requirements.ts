import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { findMember } from '../agreements/store/agreements.ts'
import type { Confirmation } from './confirmation.ts'
import { CONTRIBUTION_KINDS, type ContributionKind } from './contribution.ts'
import { selectRequirements } from './store/confirmation-requirements.ts'

/** Partner by code or id. */
export type ListRequirementsInput = { readonly partner: string }

/** What each kind of a partner's contributions waits for now. Throws `NOT_FOUND` for the partner. */
export async function listRequirements(
  context: Context,
  { partner: named }: ListRequirementsInput,
): Promise<readonly { readonly kind: ContributionKind; readonly confirmation: Confirmation }[]> {
  const member = await findMember(context.database.reads, named)
  if (member === undefined) throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'partner' })
  const known = await selectRequirements(context.database.reads, member.partner)
  return CONTRIBUTION_KINDS.map((kind) => ({
    kind,
    confirmation: known.find((one) => one.kind === kind)?.confirmation ?? 'NONE',
  }))
}
