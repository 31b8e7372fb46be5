import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../../kernel/digest.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { activateTerms } from '../../../ledger/agreements/activate-terms.ts'
import { countersignTerms } from '../../../ledger/agreements/countersign-terms.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { draftTerms } from '../../../ledger/agreements/draft-terms.ts'
import { endAgreement } from '../../../ledger/agreements/end-agreement.ts'
import { findTerms } from '../../../ledger/agreements/find-terms.ts'
import { listTermsProposals } from '../../../ledger/agreements/list-terms-proposals.ts'
import { proposeTerms } from '../../../ledger/agreements/propose-terms.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { signOnPaper } from '../../../ledger/agreements/sign-on-paper.ts'
import { selectAwaited, selectSignatures } from '../../../ledger/agreements/store/terms-signatures.ts'
import type { TermsProposal } from '../../../ledger/agreements/terms-proposal.ts'
import { withdrawTerms } from '../../../ledger/agreements/withdraw-terms.ts'
import { recordsNaming } from '../../partners/factories.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { programmeOf, proposed, type Signer, signer } from './contract-scene.ts'
import { someProgramme, termsInput } from './factories.ts'

const world = useWorld()

const sign = (caller: Signer, { id, hash }: TermsProposal, changes: object = {}) =>
  countersignTerms(world.context, { caller, proposal: id, hash, idempotencyKey: randomUUID(), ...changes })
const awaited = async ({ id }: TermsProposal) =>
  (await selectAwaited(world.context.database.reads, [id])).map(({ code }) => code)
const seenBy = async (caller: Signer): Promise<readonly string[]> => {
  const { edges } = await listTermsProposals(world.context, { caller, page: { first: 50 } })
  return edges.map(({ node }) => node.id)
}

describe('terms that are agreed', () => {
  test('are drafted, proposed, signed by each member and in force, to the byte', async () => {
    const [east, west] = [await signer(world.context), await signer(world.context)]
    const programme = await programmeOf(world.context, [east, west])
    const draft = await draftTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
    expect(draft).toMatchObject({ status: 'DRAFT', step: 1, version: 1, hash: sha256Hex(draft.body) })
    const better = termsInput(programme.code, { minimumPayout: '7000' })
    const edited = await draftTerms(world.context, { programme: programme.code, proposal: draft.id, terms: better })
    expect(edited).toMatchObject({ id: draft.id, status: 'DRAFT', step: 2 })
    expect(edited.hash).not.toBe(draft.hash)
    const offered = await proposeTerms(world.context, { proposal: draft.id, hash: edited.hash })
    expect(offered).toMatchObject({ status: 'PROPOSED', step: 3, hash: edited.hash })
    expect(await awaited(offered)).toEqual([east.code, west.code].sort())

    await sign(east, offered)
    const early = activateTerms(world.context, { proposal: draft.id })
    await expect(early).rejects.toMatchObject({ code: 'NOT_READY', message: expect.stringContaining(west.code) })
    expect(await findTerms(world.context, { programme: programme.code })).toBeUndefined()
    await sign(west, offered)
    const activated = await activateTerms(world.context, { proposal: draft.id })
    expect(activated).toMatchObject({ status: 'ACTIVATED', step: 4 })
    const inForce = await findTerms(world.context, { programme: programme.code })
    expect(inForce).toMatchObject({ id: activated.terms, version: 1, body: offered.body, hash: offered.hash })
    expect(inForce?.terms.minimumPayout).toBe(7000n)
  })

  test('leave a record of each step, and each signature in the signer’s own', async () => {
    const member = await signer(world.context)
    const programme = await programmeOf(world.context, [member])
    const offer = await proposed(world.context, programme)
    await sign(member, offer)
    const { terms } = await activateTerms(world.context, { proposal: offer.id })
    const steps = await recordsNaming(world.context, { kind: 'terms_proposal', id: offer.id })
    expect(steps.map(({ event, step }) => [event, step])).toEqual([
      ['DRAFTED', '1'],
      ['PROPOSED', '2'],
      ['ACTIVATED', '3'],
    ])
    expect(steps[0]).toMatchObject({ hash: offer.hash, body: JSON.parse(offer.body) })
    const [published] = await recordsNaming(world.context, { kind: 'terms', id: terms ?? '' })
    expect(published).toMatchObject({ event: 'PUBLISHED', proposal: offer.id, hash: offer.hash })
    const signatures = await world.owner<{ partner_id: string; data: object }[]>`
      select r.partner_id, r.body::jsonb -> 'data' as data from records r join terms_signatures s on s.record_id = r.id
      where s.proposal_id = ${uuidOf(offer.id)}`
    expect(signatures).toHaveLength(1)
    expect(signatures[0]?.partner_id.replaceAll('-', '')).toBe(uuidOf(member.partner))
    expect(signatures[0]?.data).toMatchObject({ partner: member.partner, client: member.client, hash: offer.hash })
  })

  test('supersede the version before from their start on, which stays as it was', async () => {
    const member = await signer(world.context)
    const programme = await programmeOf(world.context, [member])
    await publishTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
    const before = await findTerms(world.context, { programme: programme.code, version: 1 })
    const second = { version: 2, effectiveFrom: '2026-03-01T00:00:00+08:00' }
    const offer = await proposed(world.context, programme, second)
    await sign(member, offer)
    await activateTerms(world.context, { proposal: offer.id })
    expect(await findTerms(world.context, { programme: programme.code, version: 1 })).toEqual({
      ...before,
      effectiveTo: new Date('2026-02-28T16:00:00Z'),
    })
  })

  test('of a programme without members need nobody’s signature', async () => {
    const programme = await someProgramme(world.context)
    const offer = await proposed(world.context, programme)
    expect(await activateTerms(world.context, { proposal: offer.id })).toMatchObject({ status: 'ACTIVATED' })
  })

  test('are signed by whom they will govern: not by who left before, but by who joins later', async () => {
    const [gone, later] = [await signer(world.context), await signer(world.context)]
    const programme = await programmeOf(world.context, [gone])
    await createAgreement(world.context, { programme: programme.id, partner: later.code, from: '2026-06-15T00:00:00Z' })
    const draft = termsInput(programme.code, { effectiveFrom: '2026-04-01T00:00:00+08:00' })
    const { id } = await draftTerms(world.context, { programme: programme.code, terms: draft })
    const offer = await proposeTerms(world.context, { proposal: id })
    expect(await awaited(offer)).toEqual([gone.code, later.code].sort())
    const { edges } = await listTermsProposals(world.context, { programme: programme.code, page: { first: 5 } })
    expect(edges).toHaveLength(1)
    const [agreement] = await world.owner<{ id: string }[]>`
      select 'agr_' || replace(id::text, '-', '') as id from agreements where partner_id = ${uuidOf(gone.partner)}`
    const at = '2026-04-01T00:00:00+08:00'
    await endAgreement(world.context, { agreement: agreement?.id ?? '', at, reason: 'parted' })
    expect(await awaited(offer)).toEqual([later.code])
    await expect(sign(gone, offer)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await sign(later, offer)
    expect(await activateTerms(world.context, { proposal: id })).toMatchObject({ status: 'ACTIVATED' })
  })
})

describe('a signature', () => {
  test('is one, however often and under however many keys, also at once', async () => {
    const member = await signer(world.context)
    const programme = await programmeOf(world.context, [member])
    const offer = await proposed(world.context, programme)
    const same = { idempotencyKey: 'k' }
    await Promise.all([1, 2, 3, 4].map((n) => sign(member, offer, n > 2 ? same : {})))
    expect(await selectSignatures(world.context.database.reads, [offer.id])).toHaveLength(1)
    expect(await recordsNaming(world.context, { kind: 'terms_signature', id: offer.id })).toHaveLength(1)
    await activateTerms(world.context, { proposal: offer.id })
    expect(await sign(member, offer)).toMatchObject({ status: 'ACTIVATED' })
  })

  test('of another content is refused, also under a key that was used', async () => {
    const member = await signer(world.context)
    const programme = await programmeOf(world.context, [member])
    const offer = await proposed(world.context, programme)
    const other = { hash: 'a'.repeat(64), idempotencyKey: 'k-2' }
    await expect(sign(member, offer, other)).rejects.toMatchObject({ code: 'HASH_MISMATCH', field: 'hash' })
    await sign(member, offer, { idempotencyKey: 'k-2' })
    await expect(sign(member, offer, other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    await expect(sign(member, offer, { hash: 'short' })).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'hash' })
  })

  test('of a stranger, on a draft, and on nothing are refused alike', async () => {
    const [member, stranger] = [await signer(world.context), await signer(world.context)]
    const programme = await programmeOf(world.context, [member])
    const offer = await proposed(world.context, programme)
    const draft = await draftTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
    const refusals = await Promise.allSettled([
      sign(stranger, offer),
      sign(member, draft),
      sign(member, { ...offer, id: newId('tpr') }),
      sign(member, offer, { proposal: 'nonsense' }),
    ])
    const reasons = refusals.map((one) => (one.status === 'rejected' ? one.reason : undefined))
    for (const reason of reasons) {
      expect(reason).toMatchObject({ code: 'NOT_FOUND', message: reasons[0].message, field: 'proposal' })
    }
    expect(await seenBy(member)).toEqual([offer.id])
    expect(await seenBy(stranger)).toEqual([])
  })

  test('needs the scope, and a partner that may act', async () => {
    const member = await signer(world.context)
    const programme = await programmeOf(world.context, [member])
    const offer = await proposed(world.context, programme)
    const caller = { ...member, scopes: new Set(['statements:read' as const]) }
    await expect(sign(caller, offer)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(seenBy(caller)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await changePartnerStatus(world.context, { partner: member.code, status: 'REJECTED', reason: 'r' })
    await expect(sign(member, offer)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('on paper counts as well, with the paper by its hash and the person who entered it', async () => {
    const member = await signer(world.context)
    const programme = await programmeOf(world.context, [member])
    const offer = await proposed(world.context, programme)
    const document = { sha256: sha256Hex('scan'), name: 'signed.pdf', sizeBytes: '4', mediaType: 'application/pdf' }
    const input = { proposal: offer.id, hash: offer.hash, partner: member.code, document }
    const wrong = signOnPaper(world.context, { ...input, hash: 'b'.repeat(64) })
    await expect(wrong).rejects.toMatchObject({ code: 'HASH_MISMATCH' })
    const stranger = await signer(world.context)
    const foreign = signOnPaper(world.context, { ...input, partner: stranger.code })
    await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'partner' })
    await signOnPaper({ ...world.context, actor: 'staff:alice' }, input)
    await signOnPaper(world.context, input)
    const rows = await world.owner`
      select d.sha256, s.client_id, r.body::jsonb ->> 'actor' as actor from terms_signatures s
      join contract_documents d on d.id = s.document_id and d.proposal_id = s.proposal_id
      join records r on r.id = s.record_id where s.proposal_id = ${uuidOf(offer.id)}`
    expect(rows).toEqual([{ sha256: document.sha256, client_id: null, actor: 'staff:alice' }])
    expect(await activateTerms(world.context, { proposal: offer.id })).toMatchObject({ status: 'ACTIVATED' })
  })
})

describe('a proposal', () => {
  test('is withdrawn for a reason that members read, and cannot be signed or come into force any more', async () => {
    const member = await signer(world.context)
    const programme = await programmeOf(world.context, [member])
    const offer = await proposed(world.context, programme)
    const withdrawal = { proposal: offer.id, reason: 'a slip in the rate' }
    const withdrawn = await withdrawTerms(world.context, withdrawal)
    expect(withdrawn).toMatchObject({ status: 'WITHDRAWN', reason: 'a slip in the rate' })
    expect(await withdrawTerms(world.context, withdrawal)).toEqual(withdrawn)
    await expect(sign(member, offer)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(activateTerms(world.context, { proposal: offer.id })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    await expect(proposeTerms(world.context, { proposal: offer.id })).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(await seenBy(member)).toEqual([offer.id])
    expect(await proposed(world.context, programme)).toMatchObject({ status: 'PROPOSED' })
  })

  test('that were withdrawn are nothing to a member who comes later', async () => {
    const member = await signer(world.context)
    const programme = await programmeOf(world.context, [member])
    const offer = await proposed(world.context, programme)
    await withdrawTerms(world.context, { proposal: offer.id, reason: 'they would not sign' })
    const before = world.clock.now()
    world.clock.set(new Date(before.getTime() + 1000))
    const late = await signer(world.context)
    const joining = { programme: programme.id, partner: late.partner, from: '2026-06-01T00:00:00+08:00' }
    await createAgreement(world.context, joining)
    expect(await seenBy(late)).toEqual([])
    await expect(sign(late, offer)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await seenBy(member)).toEqual([offer.id])
    world.clock.set(before)
  })

  test('in force is not withdrawn, and a draft that was withdrawn is never shown', async () => {
    const member = await signer(world.context)
    const programme = await programmeOf(world.context, [member])
    const offer = await proposed(world.context, programme)
    await sign(member, offer)
    await activateTerms(world.context, { proposal: offer.id })
    const late = withdrawTerms(world.context, { proposal: offer.id, reason: 'r' })
    await expect(late).rejects.toMatchObject({ code: 'WRONG_STATE' })
    const draft = await draftTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
    await withdrawTerms(world.context, { proposal: draft.id, reason: 'r' })
    expect(await seenBy(member)).toEqual([offer.id])
  })

  test('is the only one of its programme, also when two are proposed at once', async () => {
    const programme = await someProgramme(world.context)
    const drafts = await Promise.all(
      ['1', '2'].map((minimumPayout) =>
        draftTerms(world.context, {
          programme: programme.code,
          terms: termsInput(programme.code, { minimumPayout }),
        }),
      ),
    )
    const results = await Promise.allSettled(drafts.map(({ id }) => proposeTerms(world.context, { proposal: id })))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'WRONG_STATE' } })
  })

  test('has a fixed content: it is no draft any more', async () => {
    const programme = await someProgramme(world.context)
    const offer = await proposed(world.context, programme)
    const terms = termsInput(programme.code, { minimumPayout: '1' })
    const edit = draftTerms(world.context, { programme: programme.code, proposal: offer.id, terms })
    await expect(edit).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'proposal' })
  })

  test('of a draft that changed since it was read is refused', async () => {
    const programme = await someProgramme(world.context)
    const draft = await draftTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
    const terms = termsInput(programme.code, { minimumPayout: '1' })
    await draftTerms(world.context, { programme: programme.code, proposal: draft.id, terms })
    const stale = proposeTerms(world.context, { proposal: draft.id, hash: draft.hash })
    await expect(stale).rejects.toMatchObject({ code: 'HASH_MISMATCH' })
  })

  test.each([
    ['that skips a version', 'INVALID_INPUT', 'version', { version: 3 }],
    ['that begins with the version before', 'OVERLAP', 'effectiveFrom', {}],
  ])('%s is refused, and stays a draft', async (_, code, field, changes) => {
    const programme = await someProgramme(world.context)
    await publishTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
    const terms = termsInput(programme.code, { version: 2, ...changes })
    const { id } = await draftTerms(world.context, { programme: programme.code, terms })
    await expect(proposeTerms(world.context, { proposal: id })).rejects.toMatchObject({ code, field })
    const { edges } = await listTermsProposals(world.context, { programme: programme.code, page: { first: 1 } })
    expect(edges.map(({ node }) => node.status)).toEqual(['DRAFT'])
  })

  test('that another version has overtaken does not come into force', async () => {
    const programme = await someProgramme(world.context)
    const offer = await proposed(world.context, programme)
    const terms = termsInput(programme.code, { minimumPayout: '1' })
    await publishTerms(world.context, { programme: programme.code, terms })
    const activation = activateTerms(world.context, { proposal: offer.id })
    await expect(activation).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'version' })
    const { edges } = await listTermsProposals(world.context, { programme: programme.code, page: { first: 1 } })
    expect(edges.map(({ node }) => node.status)).toEqual(['PROPOSED'])
  })
})

describe('drafts', () => {
  test.each([
    ['INVALID_INPUT', 'rules.0.ratePpm', (rule: object) => ({ rules: [{ ...rule, ratePpm: 1.5 }] })],
    ['INVALID_INPUT', 'asset', () => ({ asset: 'USD/2' })],
    ['INVALID_INPUT', 'rules.0.kind', () => ({ rules: [{ kind: 'MANUAL_ADJUSTMENT' }] })],
  ])('that are malformed are refused as %s at %s, and nothing is stored', async (code, field, changes) => {
    const programme = await someProgramme(world.context)
    const rule = { kind: 'REFERRAL_COMMISSION_SHARE', window: { days: 1 }, base: 'FEE' }
    const terms = termsInput(programme.code, changes(rule))
    const drafted = draftTerms(world.context, { programme: programme.code, terms })
    await expect(drafted).rejects.toMatchObject({ code, field })
    const { edges } = await listTermsProposals(world.context, { programme: programme.code, page: { first: 1 } })
    expect(edges).toEqual([])
  })

  test('under one key are one draft, with the same content no new step', async () => {
    const programme = await someProgramme(world.context)
    const input = { programme: programme.code, terms: termsInput(programme.code), idempotencyKey: 'd-1' }
    const [one, two] = await Promise.all([draftTerms(world.context, input), draftTerms(world.context, input)])
    expect(two).toEqual(one)
    const other = { ...input, terms: termsInput(programme.code, { minimumPayout: '1' }) }
    await expect(draftTerms(world.context, other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    const again = await draftTerms(world.context, { ...input, idempotencyKey: 'd-2', proposal: one.id })
    expect(again).toEqual(one)
  })
})
