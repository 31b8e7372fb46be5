import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createPartner } from '../../partners/create-partner.ts'
import { findPartner } from '../../partners/find-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import { listPartners } from '../../partners/list-partners.ts'
import type { PartnerStatus } from '../../partners/partner.ts'
import { resumePartner } from '../../partners/resume-partner.ts'
import { revokeClient } from '../../partners/revoke-client.ts'
import { suspendPartner } from '../../partners/suspend-partner.ts'
import { changePartnerStatus } from '../support/change-partner-status.ts'
import { createWorld, TEST_TIME, useWorld } from '../support/database.ts'
import { activeClient, livePartner, recordsNaming, sandboxPartner, somebodyWaits } from './factories.ts'

const world = useWorld()

describe('creating a partner', () => {
  it('begins in the sandbox, is found by id and by code, and stands in the log', async () => {
    const { context } = world
    const partner = await createPartner(context, { code: 'harbour-bank', name: ' Harbour Bank ', kind: 'BANK' })
    expect(partner).toMatchObject({
      code: 'harbour-bank',
      name: 'Harbour Bank',
      kind: 'BANK',
      status: 'SANDBOX',
      synthetic: false,
      jurisdiction: 'CN',
      createdAt: new Date(TEST_TIME),
    })
    expect(await findPartner(context, 'harbour-bank')).toEqual(partner)
    expect(await findPartner(context, partner.id)).toEqual(partner)
    expect(await recordsNaming(context, { kind: 'partner', id: partner.id })).toEqual([
      {
        event: 'CREATED',
        partner: partner.id,
        code: 'harbour-bank',
        name: 'Harbour Bank',
        kind: 'BANK',
        status: 'SANDBOX',
        synthetic: false,
        jurisdiction: 'CN',
      },
    ])
  })

  it('refuses a code that is taken, and leaves no record of the attempt', async () => {
    const { context } = world
    await sandboxPartner(context, 'taken')
    const before = await recordCount()
    await expect(sandboxPartner(context, 'taken')).rejects.toMatchObject({ code: 'DUPLICATE' })
    expect(await recordCount()).toBe(before)
  })

  it('gives a code to one of ten that ask at once', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => sandboxPartner(world.context, 'contested')))
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'DUPLICATE' })
  })

  it.each([
    ['a code in capitals', { code: 'Harbour' }],
    ['a code that begins with a digit', { code: '1bank' }],
    ['a code of one letter', { code: 'b' }],
    ['a code of 41 letters', { code: 'b'.repeat(41) }],
    ['a code with a line break after it', { code: 'bank\n' }],
    ['an empty name', { name: '  ' }],
    ['a name with a NUL', { name: 'a\u0000b' }],
    ['a name with half a pair', { name: 'a\ud800' }],
    ['a name of 201 characters', { name: 'n'.repeat(201) }],
    ['an unknown kind', { kind: 'CASINO' as 'BANK' }],
    ['a status of its own choice', { status: 'LIVE' } as object],
  ])('refuses %s', async (_, fault) => {
    const input = { code: 'refused', name: 'Refused', kind: 'BANK' as const, ...fault }
    await expect(createPartner(world.context, input)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await findPartner(world.context, 'refused')).toBeUndefined()
  })

  it.each(['', 'no-such-code', `ptr_${'0'.repeat(32)}`, 'a\u0000b', 'ptr_%'])(
    'finds nothing under %j',
    async (named) => {
      expect(await findPartner(world.context, named)).toBeUndefined()
    },
  )
})

describe('going live', () => {
  it('needs an active client', async () => {
    const { context } = world
    const { id, code } = await sandboxPartner(context)
    await expect(goLive(context, { partner: code })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringContaining('no active client'),
    })
    const client = await activeClient(context, id)
    await revokeClient(context, { client: client.id, reason: 'key lost' })
    await expect(goLive(context, { partner: code })).rejects.toMatchObject({ code: 'NOT_READY' })
    await activeClient(context, id)
    expect(await goLive(context, { partner: code })).toMatchObject({ id, status: 'LIVE' })
    expect((await findPartner(context, id))?.status).toBe('LIVE')
  })

  it('happens once, when ten ask at once, and is recorded once', async () => {
    const { context } = world
    const { id } = await sandboxPartner(context)
    await activeClient(context, id)
    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => goLive(context, { partner: id })))
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'WRONG_STATE' })
    const moves = (await recordsNaming(context, { kind: 'partner', id })).slice(1)
    expect(moves).toEqual([
      {
        event: 'STATUS_CHANGED',
        partner: id,
        code: expect.any(String),
        from: 'SANDBOX',
        to: 'LIVE',
        reason: 'went live',
      },
    ])
  })

  it('is not how a suspended partner comes back', async () => {
    const { partner } = await livePartner(world.context)
    await changePartnerStatus(world.context, { partner: partner.id, status: 'SUSPENDED', reason: 'incident' })
    await expect(goLive(world.context, { partner: partner.id })).rejects.toMatchObject({ code: 'WRONG_STATE' })
  })

  it('asks the same of a partner that comes back from suspension', async () => {
    const { context } = world
    const { partner, client } = await livePartner(context)
    await changePartnerStatus(context, { partner: partner.id, status: 'SUSPENDED', reason: 'key leaked' })
    await revokeClient(context, { client: client.id, reason: 'key leaked' })
    const back = { partner: partner.id, reason: 'settled', idempotencyKey: randomUUID() }
    await expect(resumePartner(context, back)).rejects.toMatchObject({ code: 'NOT_READY' })
    await activeClient(context, partner.id)
    expect(await resumePartner(context, back)).toMatchObject({ status: 'LIVE' })
    expect(await resumePartner(context, back)).toMatchObject({ status: 'LIVE' })
    await expect(resumePartner(context, { ...back, idempotencyKey: randomUUID() })).rejects.toMatchObject({
      code: 'WRONG_STATE',
    })
    await expect(resumePartner(context, { ...back, reason: 'another' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
    const moves = (await recordsNaming(context, { kind: 'partner', id: partner.id })).slice(1)
    expect(moves.map(({ to }) => to)).toEqual(['LIVE', 'SUSPENDED', 'LIVE'])
  })

  it('says NOT_FOUND of a partner that does not exist', async () => {
    await expect(goLive(world.context, { partner: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('changing the status', () => {
  it('changes the duties that others read at once, and tells the log why', async () => {
    const { context } = world
    const { partner } = await livePartner(context)
    const suspended = await suspendPartner(context, {
      ...{ partner: partner.code, reason: 'late report', idempotencyKey: randomUUID() },
    })
    expect(suspended).toEqual({ ...partner, status: 'SUSPENDED' })
    const [duties] = await context.database.reads`
      select code, status, discloses, pays, tokens from partner_duties where code = ${partner.code}`
    expect(duties).toEqual({ code: partner.code, status: 'SUSPENDED', discloses: false, pays: false, tokens: false })
    expect((await recordsNaming(context, { kind: 'partner', id: partner.id })).at(-1)).toMatchObject({
      from: 'LIVE',
      to: 'SUSPENDED',
      reason: 'late report',
    })
  })

  it.each<[PartnerStatus, PartnerStatus]>([
    ['SANDBOX', 'SUSPENDED'],
    ['SANDBOX', 'APPLIED'],
    ['LIVE', 'SANDBOX'],
    ['LIVE', 'LIVE'],
    ['LIVE', 'REJECTED'],
  ])('refuses %s to %s and leaves the partner as it was', async (from, to) => {
    const { context } = world
    const partner = from === 'LIVE' ? (await livePartner(context)).partner : await sandboxPartner(context)
    const change = changePartnerStatus(context, { partner: partner.id, status: to, reason: 'trial' })
    await expect(change).rejects.toMatchObject({ code: 'WRONG_STATE' })
    expect(await findPartner(context, partner.id)).toEqual(partner)
  })

  it('lets one of two different changes through, though the other could have followed', async () => {
    const { context } = world
    const { partner } = await livePartner(context)
    const { promise: seen, resolve: letGo } = Promise.withResolvers<void>()
    const { promise: held, resolve: hold } = Promise.withResolvers<void>()
    const first = context.database.transaction(async (tx) => {
      await tx`update partners set status = 'OFFBOARDING' where code = ${partner.code}`
      hold()
      await seen
    })
    await held
    const second = suspendPartner(context, { partner: partner.id, reason: 'race', idempotencyKey: 'race' })
    const refused = expect(second).rejects.toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('no longer LIVE'),
    })
    await somebodyWaits(world.owner)
    letGo()
    await Promise.all([first, refused])
    expect((await findPartner(context, partner.id))?.status).toBe('OFFBOARDING')
  })

  it('refuses a change without a reason', async () => {
    const { partner } = await livePartner(world.context)
    const change = suspendPartner(world.context, { partner: partner.id, reason: ' ', idempotencyKey: 'blank' })
    await expect(change).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'reason' })
  })
})

describe('the list of partners', () => {
  it('goes by code, forwards and backwards, and misses nobody', async () => {
    const { context, close } = await createWorld()
    try {
      for (const code of ['c-1', 'a-1', 'b-1', 'a-10', 'a-2']) await sandboxPartner(context, code)
      const sorted = ['a-1', 'a-10', 'a-2', 'b-1', 'c-1']
      const first = await listPartners(context, { first: 2 })
      expect(codesOf(first)).toEqual(sorted.slice(0, 2))
      expect(first.hasNextPage).toBe(true)
      const rest = await listPartners(context, { first: 100, after: first.edges[1]?.cursor })
      expect(codesOf(rest)).toEqual(sorted.slice(2))
      expect(rest.hasNextPage).toBe(false)
      const last = await listPartners(context, { last: 2, before: rest.edges[2]?.cursor })
      expect(codesOf(last)).toEqual(['a-2', 'b-1'])
      expect(last).toMatchObject({ hasPreviousPage: true, hasNextPage: true })
    } finally {
      await close()
    }
  })

  it.each([{}, { first: 0 }, { first: 101 }, { first: 1, last: 1 }, { first: 1, after: 'rubbish' }])(
    'refuses the page %j',
    async (page) => {
      await expect(listPartners(world.context, page)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    },
  )
})

function codesOf(page: { readonly edges: readonly { readonly node: { readonly code: string } }[] }): readonly string[] {
  return page.edges.map(({ node }) => node.code)
}

async function recordCount(): Promise<string> {
  const [row] = await world.context.database.reads<{ count: string }[]>`select count(*)::text as count from records`
  return row?.count ?? ''
}
