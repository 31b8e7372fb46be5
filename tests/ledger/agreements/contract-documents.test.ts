import { beforeAll, describe, expect, test } from 'vitest'
import { sha256Hex } from '../../../kernel/digest.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { attachDocument } from '../../../ledger/agreements/attach-document.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { draftTerms } from '../../../ledger/agreements/draft-terms.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { signOnPaper } from '../../../ledger/agreements/sign-on-paper.ts'
import { selectDocuments } from '../../../ledger/agreements/store/contract-documents.ts'
import { recordsNaming } from '../../partners/factories.ts'
import { useWorld } from '../../support/database.ts'
import { programmeOf, proposed, type Signer, signer } from './contract-scene.ts'
import { someProgramme, termsInput } from './factories.ts'

const world = useWorld()
const CONTRACT = { sha256: sha256Hex('the contract'), name: '合同.pdf', sizeBytes: '12', mediaType: 'application/pdf' }

let member: Signer
const places: Record<string, string> = {}

beforeAll(async () => {
  member = await signer(world.context)
  const programme = await someProgramme(world.context)
  const from = '2026-01-01T00:00:00+08:00'
  const agreement = await createAgreement(world.context, { programme: programme.code, partner: member.code, from })
  const terms = await publishTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
  const offer = await proposed(world.context, await someProgramme(world.context))
  Object.assign(places, { 'an agreement': agreement.id, terms: terms.id, 'a proposal': offer.id })
})

const attach = (to: string, changes: object = {}) => attachDocument(world.context, { to, ...CONTRACT, ...changes })

describe('a document', () => {
  test.each(['an agreement', 'terms', 'a proposal'])('is attached to %s by its hash, once', async (place) => {
    const to = places[place] ?? ''
    const [one, two] = await Promise.all([attach(to), attach(to, { name: 'copy.pdf' })])
    expect(two).toEqual(one)
    expect(one).toMatchObject({ to, sha256: CONTRACT.sha256, sizeBytes: 12n, mediaType: 'application/pdf' })
    const records = await recordsNaming(world.context, { kind: 'contract_document', id: one.id })
    expect(records).toMatchObject([{ event: 'ATTACHED', to, sha256: CONTRACT.sha256, sizeBytes: '12' }])
  })

  test('of an agreement is in a record that its partner may have', async () => {
    const [row] = await world.owner<{ partner_id: string }[]>`
      select r.partner_id from records r join contract_documents d on d.record_id = r.id
      where d.agreement_id = ${uuidOf((places['an agreement'] ?? '') as `agr_${string}`)}`
    expect(row?.partner_id.replaceAll('-', '')).toBe(uuidOf(member.partner))
  })

  test.each([
    ['sha256', { sha256: 'A'.repeat(64) }],
    ['sizeBytes', { sizeBytes: '-1' }],
    ['sizeBytes', { sizeBytes: '1.5' }],
    ['mediaType', { mediaType: 'pdf' }],
    ['name', { name: '' }],
    ['bytes', { bytes: 'x' }],
  ])('with a bad %s is refused', async (field, changes) => {
    await expect(attach(places['terms'] ?? '', changes)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
  })

  test.each([newId('agr'), newId('tpr'), newId('trm'), newId('prg'), 'nonsense'])(
    'is attached to nothing by %s',
    async (to) => {
      await expect(attach(to)).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'to' })
    },
  )

  test('on which another member signed is not for a partner’s eyes', async () => {
    const [east, west] = [await signer(world.context), await signer(world.context)]
    const offer = await proposed(world.context, await programmeOf(world.context, [east, west]))
    const shared = await attach(offer.id)
    const { name: _, ...paper } = { ...CONTRACT, sha256: sha256Hex('signed by west') }
    const document = { ...paper, name: 'west.pdf' }
    await signOnPaper(world.context, { proposal: offer.id, hash: offer.hash, partner: west.code, document })
    const seen = async (partner?: Signer) =>
      (await selectDocuments(world.context.database.reads, [offer.id], partner?.partner)).map(({ sha256 }) => sha256)
    expect(await seen(east)).toEqual([shared.sha256])
    expect(await seen(west)).toEqual([shared.sha256, document.sha256])
    expect(await seen()).toEqual([shared.sha256, document.sha256])
  })
})

test('what was proposed and signed is not changed by anybody in the database', async () => {
  const signed = await signer(world.context)
  const offer = await proposed(world.context, await programmeOf(world.context, [signed]))
  const document = { ...CONTRACT, sha256: sha256Hex('paper') }
  await signOnPaper(world.context, { proposal: offer.id, hash: offer.hash, partner: signed.code, document })
  const proposals = (set: string) =>
    world.owner.unsafe(`update terms_proposals set ${set} where id = '${uuidOf(offer.id)}'`)
  for (const set of [`body = '{}'`, `step = step + 1, body = '{}'`, `status = 'DRAFT'`, 'step = step + 1']) {
    await expect(proposals(set)).rejects.toThrow('does not go from')
  }
  await expect(proposals('drafted_at = now()')).rejects.toThrow('never changed')
  const changes = [
    'delete from terms_proposals',
    'delete from agreement_proposals',
    `update agreement_proposals set hash = ''`,
    `update terms_signatures set hash = ''`,
    `update contract_documents set name = 'x'`,
  ]
  for (const change of changes) await expect(world.owner.unsafe(change)).rejects.toThrow('never changed')
})

test('a signature on a draft, or over another content, is not stored by anybody', async () => {
  const programme = await someProgramme(world.context)
  const offer = await proposed(world.context, programme)
  const draft = await draftTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
  const sign = (proposal: string, hash: string) =>
    world.owner.unsafe(`
      insert into terms_signatures (proposal_id, partner_id, agreement_id, hash, client_id, record_id, signed_at)
      values ('${proposal}', '${uuidOf(member.partner)}', '${proposal}', '${hash}', '${proposal}', '${proposal}', now())`)
  await expect(sign(uuidOf(draft.id), draft.hash)).rejects.toThrow('a draft is not signed')
  await expect(sign(uuidOf(offer.id), 'd'.repeat(64))).rejects.toThrow('terms_signatures_content_fkey')
  await sign(uuidOf(offer.id), offer.hash)
})
