import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../../kernel/digest.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import type { Agreement } from '../../../ledger/agreements/agreement.ts'
import type { AgreementProposal } from '../../../ledger/agreements/agreement-proposal.ts'
import { countersignAgreement } from '../../../ledger/agreements/countersign-agreement.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { endAgreement } from '../../../ledger/agreements/end-agreement.ts'
import { findAgreement } from '../../../ledger/agreements/find-agreement.ts'
import { listAgreementProposals } from '../../../ledger/agreements/list-agreement-proposals.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import type { Programme } from '../../../ledger/agreements/programme.ts'
import { proposeAgreement } from '../../../ledger/agreements/propose-agreement.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { withdrawAgreement } from '../../../ledger/agreements/withdraw-agreement.ts'
import { closePeriod } from '../../../ledger/settlement/close-period.ts'
import { defineCatalogue } from '../../customers/factories.ts'
import { recordsNaming, sandboxPartner } from '../../partners/factories.ts'
import { changePartnerStatus } from '../../support/change-partner-status.ts'
import { useWorld } from '../../support/database.ts'
import { type Signer, signer } from './contract-scene.ts'
import { someProgramme, termsInput } from './factories.ts'

const world = useWorld()
const JANUARY = '2026-01-01T00:00:00+08:00'
const FEBRUARY = '2026-02-01T00:00:00+08:00'
const MARCH = '2026-03-01T00:00:00+08:00'

const offer = (programme: Programme, { code }: Signer, changes: object = {}) =>
  proposeAgreement(world.context, { programme: programme.code, partner: code, from: JANUARY, ...changes })
const sign = (caller: Signer, { id, hash }: AgreementProposal, changes: object = {}) =>
  countersignAgreement(world.context, { caller, proposal: id, hash, idempotencyKey: randomUUID(), ...changes })
const agreementsOf = async ({ partner }: Signer): Promise<readonly Agreement[]> =>
  (await listAgreements(world.context, { partner, page: { first: 10 } })).edges.map(({ node }) => node)

describe('a membership that is offered', () => {
  test('names the terms in force when it begins, and is an agreement once its partner signed exactly that', async () => {
    const [programme, partner] = [await someProgramme(world.context), await signer(world.context)]
    const terms = await publishTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
    const proposal = await offer(programme, partner, { to: MARCH })
    expect(JSON.parse(proposal.body)).toEqual({
      programme: programme.code,
      partner: partner.code,
      startsAt: '2025-12-31T16:00:00.000Z',
      endsAt: '2026-02-28T16:00:00.000Z',
      terms: { version: '1', hash: terms.hash },
    })
    expect(proposal).toMatchObject({ status: 'PROPOSED', hash: sha256Hex(proposal.body) })
    expect(await agreementsOf(partner)).toEqual([])
    const signed = await sign(partner, proposal)
    expect(signed).toMatchObject({ status: 'ACTIVATED', client: partner.client })
    const [agreement, ...more] = await agreementsOf(partner)
    expect([agreement?.id, more]).toEqual([signed.agreement, []])
    expect(agreement).toMatchObject({ status: 'ACTIVE', endsAt: new Date('2026-02-28T16:00:00Z') })
    const [created] = await recordsNaming(world.context, { kind: 'agreement', id: agreement?.id ?? '' })
    expect(created).toMatchObject({ event: 'CREATED', proposal: proposal.id })
    const told = await recordsNaming(world.context, { kind: 'agreement_proposal', id: proposal.id })
    expect(told.map(({ event }) => event)).toEqual(['PROPOSED', 'ACTIVATED'])
  })

  test('may name data, which is signed with it, sorted, and is in force with the agreement', async () => {
    const { context, owner } = world
    await defineCatalogue(context)
    const [programme, partner] = [await someProgramme(context), await signer(context)]
    const dataScope = [
      { purpose: 'EDUCATION', tags: ['age'] },
      { purpose: 'CREDIT', tags: ['risk_level', 'age'] },
    ]
    const proposal = await offer(programme, partner, { dataScope })
    const sorted = [
      { purpose: 'CREDIT', tags: ['age', 'risk_level'] },
      { purpose: 'EDUCATION', tags: ['age'] },
    ]
    expect(JSON.parse(proposal.body)).toMatchObject({ dataScope: sorted })
    const inForce = () =>
      owner`select purpose, tag_key from agreement_data_scopes where partner_id = ${uuidOf(partner.partner)}
        order by purpose, tag_key`
    expect(await inForce()).toEqual([])
    await sign(partner, proposal)
    const [agreement] = await agreementsOf(partner)
    expect(agreement?.dataScope).toEqual(sorted)
    const named = [
      { purpose: 'CREDIT', tag_key: 'age' },
      { purpose: 'CREDIT', tag_key: 'risk_level' },
      { purpose: 'EDUCATION', tag_key: 'age' },
    ]
    expect(await inForce()).toEqual(named)
    await endAgreement(context, { agreement: agreement?.id ?? '', at: FEBRUARY, reason: 'over' })
    expect(await inForce()).toEqual([])
  })

  test.each([
    ['a purpose that there is not', [{ purpose: 'SPYING', tags: ['age'] }], 'dataScope'],
    ['a tag outside the purpose', [{ purpose: 'EDUCATION', tags: ['assets'] }], 'dataScope'],
    ['a purpose twice', [1, 2].map(() => ({ purpose: 'CREDIT', tags: ['age'] })), 'dataScope'],
    ['a tag twice', [{ purpose: 'CREDIT', tags: ['age', 'age'] }], 'dataScope.0.tags'],
    ['no tags', [{ purpose: 'CREDIT', tags: [] }], 'dataScope.0.tags'],
  ])('cannot name %s', async (_, dataScope, field) => {
    const [programme, partner] = [await someProgramme(world.context), await signer(world.context)]
    await expect(offer(programme, partner, { dataScope })).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
  })

  test('is signed once, however often and by however many at once', async () => {
    const [programme, partner] = [await someProgramme(world.context), await signer(world.context)]
    const proposal = await offer(programme, partner)
    const signed = await Promise.all([1, 2, 3, 4].map(() => sign(partner, proposal)))
    expect(new Set(signed.map(({ agreement }) => agreement)).size).toBe(1)
    expect(await agreementsOf(partner)).toHaveLength(1)
  })

  test('is not there for another partner', async () => {
    const [programme, partner] = [await someProgramme(world.context), await signer(world.context)]
    const proposal = await offer(programme, partner)
    const stranger = await signer(world.context)
    const refusals = await Promise.allSettled([
      sign(stranger, proposal),
      sign(stranger, { ...proposal, id: newId('apr') }),
      sign(stranger, proposal, { proposal: 'nonsense' }),
    ])
    const reasons = refusals.map((one) => (one.status === 'rejected' ? one.reason : undefined))
    for (const reason of reasons) expect(reason).toMatchObject({ code: 'NOT_FOUND', message: reasons[0].message })
    const seen = await listAgreementProposals(world.context, { partner: stranger.partner, page: { first: 5 } })
    expect(seen.edges).toEqual([])
  })

  test('is refused under another hash, without the scope, and by a partner that may not act', async () => {
    const [programme, partner] = [await someProgramme(world.context), await signer(world.context)]
    const proposal = await offer(programme, partner)
    const other = sign(partner, proposal, { hash: 'c'.repeat(64) })
    await expect(other).rejects.toMatchObject({ code: 'HASH_MISMATCH', field: 'hash' })
    const bare = sign({ ...partner, scopes: new Set() }, proposal)
    await expect(bare).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await changePartnerStatus(world.context, { partner: partner.code, status: 'REJECTED', reason: 'r' })
    await expect(sign(partner, proposal)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('is to be offered anew when other terms come into force before it is signed', async () => {
    const [programme, partner] = [await someProgramme(world.context), await signer(world.context)]
    const proposal = await offer(programme, partner)
    await publishTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
    await expect(sign(partner, proposal)).rejects.toMatchObject({ code: 'WRONG_STATE', field: 'proposal' })
    await sign(partner, await offer(programme, partner))
    expect(await agreementsOf(partner)).toHaveLength(1)
  })

  test('is withdrawn for good, unless it was signed', async () => {
    const [programme, partner] = [await someProgramme(world.context), await signer(world.context)]
    const proposal = await offer(programme, partner)
    const withdrawal = { proposal: proposal.id, reason: 'another date was meant' }
    const withdrawn = await withdrawAgreement(world.context, withdrawal)
    expect(withdrawn).toMatchObject({ status: 'WITHDRAWN', reason: 'another date was meant' })
    expect(await withdrawAgreement(world.context, withdrawal)).toEqual(withdrawn)
    await expect(sign(partner, proposal)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    const next = await offer(programme, partner, { from: FEBRUARY })
    await sign(partner, next)
    const late = withdrawAgreement(world.context, { proposal: next.id, reason: 'r' })
    await expect(late).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  test('within another membership is refused when it is offered, and when it is signed', async () => {
    const [programme, partner] = [await someProgramme(world.context), await signer(world.context)]
    const [one, two] = [await offer(programme, partner), await offer(programme, partner, { from: FEBRUARY })]
    await sign(partner, one)
    await expect(sign(partner, two)).rejects.toMatchObject({ code: 'OVERLAP' })
    await expect(offer(programme, partner)).rejects.toMatchObject({ code: 'OVERLAP' })
    expect(await agreementsOf(partner)).toHaveLength(1)
  })

  test.each([
    ['programme', 'NOT_FOUND', { programme: 'nowhere' }],
    ['partner', 'NOT_FOUND', { partner: 'nobody' }],
    ['to', 'INVALID_INPUT', { to: JANUARY }],
    ['from', 'INVALID_INPUT', { from: 'soon' }],
  ])('with a bad %s is refused as %s', async (field, code, changes) => {
    const [programme, partner] = [await someProgramme(world.context), await signer(world.context)]
    await expect(offer(programme, partner, changes)).rejects.toMatchObject({ code, field })
  })
})

describe('an agreement that ends', () => {
  const member = async (to?: string) => {
    const programme = await someProgramme(world.context)
    const partner = await sandboxPartner(world.context)
    const agreement = await createAgreement(world.context, {
      programme: programme.id,
      partner: partner.id,
      from: JANUARY,
      ...(to === undefined ? {} : { to }),
    })
    return { programme, partner, agreement: agreement.id }
  }
  const end = (agreement: string, at: string, changes: object = {}) =>
    endAgreement(world.context, { agreement, at, reason: 'notice was given', ...changes })

  test('keeps when, why and by which record, and another may follow at that instant', async () => {
    const { programme, partner, agreement } = await member()
    const ended = await end(agreement, MARCH)
    const [record] = await recordsNaming(world.context, { kind: 'agreement', id: agreement }).then((all) =>
      all.slice(1),
    )
    expect(record).toMatchObject({ event: 'ENDED', endsAt: '2026-02-28T16:00:00.000Z', reason: 'notice was given' })
    expect(ended).toMatchObject({ status: 'ENDED', endsAt: new Date(MARCH), end: { reason: 'notice was given' } })
    expect(await findAgreement(world.context, agreement)).toEqual(ended)
    const joins = (from: string) =>
      createAgreement(world.context, { programme: programme.id, partner: partner.id, from })
    await expect(joins(FEBRUARY)).rejects.toMatchObject({ code: 'OVERLAP' })
    expect(await joins(MARCH)).toMatchObject({ status: 'ACTIVE' })
  })

  test('ends once, also when it is ended twice at once; the same end again changes nothing', async () => {
    const { agreement } = await member()
    const results = await Promise.allSettled([end(agreement, MARCH), end(agreement, FEBRUARY), end(agreement, MARCH)])
    const stands = await findAgreement(world.context, agreement)
    const same = results.filter((one) => one.status === 'fulfilled').map(({ value }) => value)
    expect(same.length).toBeGreaterThan(0)
    for (const one of same) expect(one).toEqual(stands)
    for (const one of results) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'WRONG_STATE', field: 'agreement' })
    }
    expect(await recordsNaming(world.context, { kind: 'agreement', id: agreement })).toHaveLength(2)
  })

  test.each([
    ['at its start', 'INVALID_INPUT', JANUARY],
    ['before its start', 'INVALID_INPUT', '2025-06-01T00:00:00Z'],
    ['behind the end that was agreed', 'INVALID_INPUT', '2026-03-01T00:00:00.001+08:00'],
  ])('%s is refused as %s', async (_, code, at) => {
    const { agreement } = await member(MARCH)
    await expect(end(agreement, at)).rejects.toMatchObject({ code, field: 'at' })
    expect(await end(agreement, FEBRUARY)).toMatchObject({ status: 'ENDED' })
  })

  test('in a month that is settled is refused, and settled months stay', async () => {
    const { programme, agreement } = await member()
    await publishTerms(world.context, { programme: programme.code, terms: termsInput(programme.code) })
    await closePeriod(world.context, { programme: programme.code, month: '2026-01' })
    const early = end(agreement, '2026-01-20T00:00:00Z')
    await expect(early).rejects.toMatchObject({ code: 'PERIOD_LOCKED', field: 'at' })
    expect(await end(agreement, FEBRUARY)).toMatchObject({ status: 'ENDED' })
  })

  test('while a period is being closed is refused', async () => {
    const { programme, agreement } = await member()
    await world.owner.begin(async (closing) => {
      await closing`select pg_advisory_xact_lock(hashtextextended(${`closing:${programme.id}`}, 0))`
      await expect(end(agreement, MARCH)).rejects.toMatchObject({ code: 'WRONG_STATE' })
    })
    expect(await end(agreement, MARCH)).toMatchObject({ status: 'ENDED' })
  })

  test('is known: no other is ended instead', async () => {
    for (const agreement of [newId('agr'), 'nonsense']) {
      await expect(end(agreement, MARCH)).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'agreement' })
    }
    const { agreement } = await member()
    await expect(end(agreement, MARCH, { reason: ' ' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'reason',
    })
  })

  test('cannot be undone, prolonged or moved by anybody in the database', async () => {
    const { agreement } = await member(MARCH)
    const change = (set: string) => world.owner.unsafe(`update agreements set ${set} where id = '${uuidOf(agreement)}'`)
    const ended = `status = 'ENDED', ended_at = now(), end_reason = 'r', end_record_id = record_id`
    await expect(change(`${ended}, ends_at = '2026-04-01T00:00:00Z'`)).rejects.toThrow('not later than was agreed')
    await expect(change(`ends_at = '2026-02-01T00:00:00Z'`)).rejects.toThrow('ends once')
    await end(agreement, FEBRUARY)
    await expect(change(`${ended}, ends_at = '2026-01-20T00:00:00Z'`)).rejects.toThrow('ends once')
    await expect(change(`starts_at = '2025-01-01T00:00:00Z'`)).rejects.toThrow('never changed')
    await expect(world.owner.unsafe('delete from agreements')).rejects.toThrow('never changed')
  })
})
