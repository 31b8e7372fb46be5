import { beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../../kernel/ids.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { findAgreement } from '../../../ledger/agreements/find-agreement.ts'
import { listAgreements } from '../../../ledger/agreements/list-agreements.ts'
import type { Programme } from '../../../ledger/agreements/programme.ts'
import { agreementsOfProgramme } from '../../../ledger/agreements/store/agreements.ts'
import { sandboxPartner } from '../../partners/factories.ts'
import { useWorld } from '../../support/database.ts'
import { someProgramme } from './factories.ts'

const world = useWorld()
let programme: Programme

beforeAll(async () => {
  programme = await someProgramme(world.context)
})

const JANUARY = new Date('2026-01-01T00:00:00Z')
const MARCH = '2026-03-01T00:00:00Z'

describe('an agreement', () => {
  test('joins a partner to a programme, and is found', async () => {
    const partner = await sandboxPartner(world.context)
    const made = await createAgreement(world.context, {
      programme: programme.code,
      partner: partner.code,
      from: JANUARY,
      to: MARCH,
    })
    expect(made).toEqual({
      id: made.id,
      programme: programme.id,
      partner: partner.id,
      partnerCode: partner.code,
      startsAt: JANUARY,
      endsAt: new Date(MARCH),
      status: 'ACTIVE',
    })
    expect(await findAgreement(world.context, made.id)).toEqual(made)
    expect(await findAgreement(world.context, newId('agr'))).toBeUndefined()
    expect(await findAgreement(world.context, partner.id)).toBeUndefined()
    const rows = await world.owner<{ partner_id: string }[]>`
      select r.partner_id from records r join agreements a on a.record_id = r.id and r.kind = 'agreement'
      where r.body::jsonb #>> '{data,agreement}' = ${made.id} and r.partner_id = a.partner_id`
    expect(rows).toHaveLength(1)
  })

  test('may follow another at the very instant at which that one ends', async () => {
    const { id: partner } = await sandboxPartner(world.context)
    await createAgreement(world.context, { programme: programme.id, partner, from: JANUARY, to: MARCH })
    await createAgreement(world.context, { programme: programme.id, partner, from: MARCH })
    const { edges } = await listAgreements(world.context, { partner, page: { first: 10 } })
    expect(edges.map(({ node }) => node.endsAt)).toEqual([new Date(MARCH), undefined])
  })

  test('overlapping another of this partner in this programme is refused, also when both come at once', async () => {
    const { id: partner } = await sandboxPartner(world.context)
    const join = (from: string | Date) => createAgreement(world.context, { programme: programme.id, partner, from })
    const results = await Promise.allSettled([join(JANUARY), join(MARCH), join(JANUARY)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'OVERLAP' })
    }
    const other = await someProgramme(world.context)
    await createAgreement(world.context, { programme: other.id, partner, from: JANUARY })
  })

  test.each([
    ['programme', 'NOT_FOUND', { programme: 'nowhere' }],
    ['partner', 'NOT_FOUND', { partner: 'nobody' }],
    ['partner', 'NOT_FOUND', { partner: newId('ptr') }],
    ['from', 'INVALID_INPUT', { from: 'yesterday' }],
    ['to', 'INVALID_INPUT', { to: JANUARY }],
    ['share', 'INVALID_INPUT', { share: 1 }],
  ])('with a bad %s is refused as %s', async (field, code, change) => {
    const { code: partner } = await sandboxPartner(world.context)
    const made = createAgreement(world.context, { programme: programme.id, partner, from: JANUARY, ...change })
    await expect(made).rejects.toMatchObject({ code, field })
  })
})

describe('lists of agreements', () => {
  test('of a span hold those that touch it, by partner’s code', async () => {
    const { id } = await someProgramme(world.context)
    const second = await sandboxPartner(world.context, 'list-b')
    const first = await sandboxPartner(world.context, 'list-a')
    await createAgreement(world.context, { programme: id, partner: second.id, from: JANUARY, to: MARCH })
    await createAgreement(world.context, { programme: id, partner: first.id, from: MARCH })
    const span = (from: string, to: string) =>
      agreementsOfProgramme(world.context.database.reads, id, { from: new Date(from), to: new Date(to) })
    const codes = async (from: string, to: string) => (await span(from, to)).map(({ partnerCode }) => partnerCode)
    expect(await codes('2026-02-01T00:00:00Z', MARCH)).toEqual(['list-b'])
    expect(await codes('2026-02-01T00:00:00Z', '2026-04-01T00:00:00Z')).toEqual(['list-a', 'list-b'])
    expect(await codes(MARCH, '2026-04-01T00:00:00Z')).toEqual(['list-a'])
    expect(await agreementsOfProgramme(world.context.database.reads, id)).toHaveLength(2)
  })

  test('go a page at a time, and refuse a cursor that holds no id', async () => {
    const { id } = await someProgramme(world.context)
    for (const code of ['page-a', 'page-b', 'page-c']) {
      const partner = await sandboxPartner(world.context, code)
      await createAgreement(world.context, { programme: id, partner: partner.id, from: JANUARY })
    }
    const first = await listAgreements(world.context, { programme: id, page: { first: 2 } })
    const rest = await listAgreements(world.context, {
      programme: id,
      page: { first: 2, after: first.edges[1]?.cursor },
    })
    const codes = [...first.edges, ...rest.edges].map(({ node }) => node.partnerCode)
    expect(codes).toEqual(['page-a', 'page-b', 'page-c'])
    expect([first.hasNextPage, rest.hasNextPage]).toEqual([true, false])
    const foreign = Buffer.from(JSON.stringify(['c1', 'x'])).toString('base64url')
    await expect(listAgreements(world.context, { page: { first: 1, after: foreign } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})
