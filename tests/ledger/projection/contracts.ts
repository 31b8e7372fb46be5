import type { Context } from '../../../database/context.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { addMonths, monthOf } from '../../../kernel/month.ts'
import { activateTerms } from '../../../ledger/agreements/activate-terms.ts'
import { attachDocument } from '../../../ledger/agreements/attach-document.ts'
import { countersignAgreement } from '../../../ledger/agreements/countersign-agreement.ts'
import { countersignTerms } from '../../../ledger/agreements/countersign-terms.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { draftTerms } from '../../../ledger/agreements/draft-terms.ts'
import { endAgreement } from '../../../ledger/agreements/end-agreement.ts'
import { findTerms } from '../../../ledger/agreements/find-terms.ts'
import { proposeAgreement } from '../../../ledger/agreements/propose-agreement.ts'
import { proposeTerms } from '../../../ledger/agreements/propose-terms.ts'
import { signOnPaper } from '../../../ledger/agreements/sign-on-paper.ts'
import { selectAwaited } from '../../../ledger/agreements/store/terms-signatures.ts'
import type { TermsProposal } from '../../../ledger/agreements/terms-proposal.ts'
import { withdrawAgreement } from '../../../ledger/agreements/withdraw-agreement.ts'
import { withdrawTerms } from '../../../ledger/agreements/withdraw-terms.ts'
import { freshCode, liveMember, termsFor } from '../settlement/scene.ts'

type Member = PartnerCaller & { readonly code: string; readonly agreement: string }
type Scene = { readonly programme: string; readonly members: readonly Member[] }

const ZONE = 'Asia/Shanghai'

/** The next version of the terms is drafted, mended, proposed, signed by some, and comes to its end or stays open. */
export async function amend(
  context: Context,
  { programme, members }: Scene,
  { signers, outcome }: { readonly signers: number; readonly outcome: string },
): Promise<void> {
  const last = await findTerms(context, { programme })
  const month = addMonths(monthOf(last?.effectiveFrom ?? new Date('2026-01-15T00:00:00Z'), ZONE), 4)
  const next = { version: (last?.version ?? 0) + 1, effectiveFrom: `${month}-01T00:00:00+08:00` }
  const draft = await draftTerms(context, { programme, terms: termsFor(programme, next) })
  const terms = termsFor(programme, { ...next, minimumPayout: 100 })
  const { id: proposal } = await draftTerms(context, { programme, terms, proposal: draft.id })
  const proposed = await proposeTerms(context, { proposal })
  const awaited = await selectAwaited(context.database.reads, [proposal])
  for (const { code } of awaited.slice(0, signers)) await sign(context, members, { proposed, code })
  if (outcome === 'ACTIVATED') await activateTerms(context, { proposal })
  if (outcome === 'WITHDRAWN') await withdrawTerms(context, { proposal, reason: 'not agreed' })
}

/** The first member signs by its client, all others on paper. */
async function sign(
  context: Context,
  [first]: readonly Member[],
  { proposed: { id: proposal, hash }, code }: { readonly proposed: TermsProposal; readonly code: string },
): Promise<void> {
  if (code === first?.code) {
    const caller = { ...first, scopes: new Set(['agreements:sign' as const]) }
    await countersignTerms(context, { caller, proposal, hash, idempotencyKey: proposal })
    return
  }
  await signOnPaper(context, { proposal, hash, partner: code, document: documentOf(code) })
}

/** A new partner is offered a membership, which it signs or the broker withdraws. */
export async function offer(
  context: Context,
  { programme }: Scene,
  { outcome }: { readonly outcome: string },
): Promise<void> {
  const caller = { ...(await liveMember(context, [])), scopes: new Set(['agreements:sign' as const]) }
  const from = '2026-09-01T00:00:00+08:00'
  const { id: proposal, hash } = await proposeAgreement(context, { programme, partner: caller.code, from })
  if (outcome === 'WITHDRAWN') await withdrawAgreement(context, { proposal, reason: 'not agreed' })
  else await countersignAgreement(context, { caller, proposal, hash, idempotencyKey: proposal })
}

/** A member leaves, with a paper about it, and may be taken in again at that instant. */
export async function leave(
  context: Context,
  { programme }: Scene,
  { member, at, again }: { readonly member: Member; readonly at: string; readonly again: boolean },
): Promise<void> {
  const { agreement, partner } = member
  await endAgreement(context, { agreement, at, reason: 'notice was given' })
  await attachDocument(context, { to: agreement, ...documentOf(freshCode('notice')) })
  if (again) await createAgreement(context, { programme, partner, from: at })
}

function documentOf(name: string): { sha256: string; name: string; sizeBytes: string; mediaType: string } {
  const sha256 = Buffer.from(name.padEnd(32)).subarray(0, 32).toString('hex')
  return { sha256, name: `${name}.pdf`, sizeBytes: '1024', mediaType: 'application/pdf' }
}
