import type { Context } from '../../../database/context.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { newId } from '../../../kernel/ids.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { draftTerms } from '../../../ledger/agreements/draft-terms.ts'
import type { Programme } from '../../../ledger/agreements/programme.ts'
import { proposeTerms } from '../../../ledger/agreements/propose-terms.ts'
import type { TermsProposal } from '../../../ledger/agreements/terms-proposal.ts'
import { sandboxPartner } from '../../partners/factories.ts'
import { someProgramme, termsInput } from './factories.ts'

/** A partner's client that may sign. */
export type Signer = PartnerCaller & { readonly code: string }

/** A partner with a client that may sign contracts, member of nothing yet. */
export async function signer(context: Context): Promise<Signer> {
  const partner = await sandboxPartner(context)
  const scopes = new Set(['agreements:sign'] as const)
  return { kind: 'partner', partner: partner.id, code: partner.code, client: newId('cli'), scopes, requestId: 'r-1' }
}

/** A programme with members from 2026 on. */
export async function programmeOf(context: Context, members: readonly Signer[]): Promise<Programme> {
  const programme = await someProgramme(context)
  const from = '2026-01-01T00:00:00+08:00'
  for (const { partner } of members) await createAgreement(context, { programme: programme.id, partner, from })
  return programme
}

/** Its first version of terms, proposed to its members. */
export async function proposed(context: Context, { code }: Programme, changes: object = {}): Promise<TermsProposal> {
  const { id } = await draftTerms(context, { programme: code, terms: termsInput(code, changes) })
  return proposeTerms(context, { proposal: id })
}
